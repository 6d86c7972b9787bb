#include "agent/radio/ble/bus_probe.h"

#include "core/async/with_deadline.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <sys/un.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

namespace mmm::agent::ble {

namespace asio = boost::asio;
using asio::local::stream_protocol;

namespace {

constexpr const char* kAddressVariable = "DBUS_SYSTEM_BUS_ADDRESS";
constexpr const char* kAddressDefault = "unix:path=/run/dbus/system_bus_socket";
// The beginning of every D-Bus connection: a NUL, then a question that the daemon answers with what it offers.
constexpr std::string_view kQuestion{"\0AUTH\r\n", 7};

// Values of an address escape bytes as %XX.
std::string unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const bool escaped = text[i] == '%' && i + 2 < text.size() &&
                         std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3;
    plain += escaped ? static_cast<char>(byte) : text[i];
    if (escaped) i += 2;
  }
  return plain;
}

asio::awaitable<Result<>> ask(stream_protocol::endpoint endpoint) {
  const auto executor = co_await asio::this_coro::executor;
  stream_protocol::socket socket(executor);
  boost::system::error_code error;
  co_await socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
  if (!error) {
    const auto question = asio::buffer(kQuestion.data(), kQuestion.size());
    co_await asio::async_write(socket, question, asio::redirect_error(asio::use_awaitable, error));
  }
  std::array<char, 64> answer{};
  if (!error) {
    co_await socket.async_read_some(asio::buffer(answer), asio::redirect_error(asio::use_awaitable, error));
  }
  if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
  if (error) {
    co_return fail(ErrorKind::kUnavailable,
                   "cannot reach the system's D-Bus: {}; is it running, and in a container its socket "
                   "/run/dbus/system_bus_socket there?",
                   error.message());
  }
  co_return Result<>{};
}

}  // namespace

std::optional<std::string> bus_socket(std::string_view address) {
  address = address.substr(0, address.find(';'));
  constexpr std::string_view kUnix = "unix:";
  if (!address.starts_with(kUnix)) return std::nullopt;
  address.remove_prefix(kUnix.size());
  while (!address.empty()) {
    const auto pair = address.substr(0, address.find(','));
    address.remove_prefix(std::min(pair.size() + 1, address.size()));
    const auto name = pair.substr(0, pair.find('='));
    if (name == pair || (name != "path" && name != "abstract")) continue;
    auto socket = (name == "abstract" ? std::string(1, '\0') : "") + unescape(pair.substr(name.size() + 1));
    if (socket.empty() || socket.size() >= sizeof(sockaddr_un::sun_path)) return std::nullopt;
    return socket;
  }
  return std::nullopt;
}

asio::awaitable<Result<>> probe_system_bus(TimeSource& time, SteadyTime deadline) {
  const char* configured = std::getenv(kAddressVariable);
  const auto socket = bus_socket(configured == nullptr ? kAddressDefault : configured);
  if (!socket) co_return Result<>{};
  auto answered = co_await with_deadline(time, deadline, ask(stream_protocol::endpoint(*socket)));
  if (!answered && answered.error().kind == ErrorKind::kTimeout) {
    co_return fail(ErrorKind::kTimeout, "the system's D-Bus does not answer: is dbus-daemon well?");
  }
  co_return answered;
}

}  // namespace mmm::agent::ble
