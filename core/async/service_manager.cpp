#include "core/async/service_manager.h"

#include "core/log/log.h"

#include <fmt/core.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace mmm {
namespace {

std::string take_variable(const char* name) {
  const char* value = std::getenv(name);
  std::string taken = value == nullptr ? "" : value;
  ::unsetenv(name);
  return taken;
}

// Connected to the address that systemd writes: a path, or '@' and a name without a file. -1: there is none.
int connect_to(const std::string& address) {
  sockaddr_un name{.sun_family = AF_UNIX, .sun_path = {}};
  if (address.size() < 2 || address.size() >= sizeof name.sun_path || (address[0] != '/' && address[0] != '@')) {
    return -1;
  }
  std::memcpy(name.sun_path, address.data(), address.size());
  if (address[0] == '@') name.sun_path[0] = '\0';
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return -1;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&name), size) == 0) return socket;
  ::close(socket);
  return -1;
}

std::optional<std::chrono::microseconds> read_watchdog() {
  const std::string text = take_variable("WATCHDOG_USEC");
  const std::string pid = take_variable("WATCHDOG_PID");
  if (!pid.empty() && pid != std::to_string(::getpid())) return std::nullopt;
  std::int64_t micros = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), micros);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || micros <= 0) return std::nullopt;
  return std::chrono::microseconds{micros};
}

}  // namespace

ServiceManager::ServiceManager() : watchdog_(read_watchdog()) {
  const std::string address = take_variable("NOTIFY_SOCKET");
  if (address.empty()) return;
  socket_ = connect_to(address);
  if (socket_ < 0)
    log::warning("core", "the service manager at {} cannot be reached: {}", address, std::strerror(errno));
}

ServiceManager::~ServiceManager() {
  if (socket_ >= 0) ::close(socket_);
}

void ServiceManager::send(const std::string& message) {
  // A manager that is away must not hold the program up; what it misses then it asks for by killing, as without us.
  if (socket_ >= 0) static_cast<void>(::send(socket_, message.data(), message.size(), MSG_NOSIGNAL));
}

void ServiceManager::ready(std::string_view status) {
  send(fmt::format("READY=1\nSTATUS={}", status));
}

void ServiceManager::stopping() {
  send("STOPPING=1\nSTATUS=stopping");
}

void ServiceManager::reloading(TimeSource& time) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time.steady().time_since_epoch());
  send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", micros.count()));
}

boost::asio::awaitable<void> ServiceManager::keep_alive(TimeSource& time, std::function<bool()> is_well) {
  if (!present() || !watchdog_) co_return;
  while (true) {
    if (is_well()) send("WATCHDOG=1");
    co_await time.sleep_for(*watchdog_ / 2);
  }
}

}  // namespace mmm
