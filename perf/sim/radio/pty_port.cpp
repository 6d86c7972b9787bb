#include "perf/sim/radio/pty_port.h"

#include "core/log/log.h"
#include "perf/sim/radio/console_text.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace mmm::sim {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto kLookEvery = 20ms;
constexpr auto kLogLineEvery = 2s;
constexpr auto kUnpluggedTime = 700ms;

}  // namespace

PtyPort::PtyPort(asio::any_io_executor executor, const SessionContext& context, std::string path)
    : Port(std::move(executor), context), path_(std::move(path)) {}

PtyPort::~PtyPort() {
  unplug();
}

std::string PtyPort::name() const {
  return fmt::format("pty {}", path_);
}

asio::awaitable<void> PtyPort::stop() {
  co_await Port::stop();
  unplug();
}

Result<> PtyPort::plug_in() {
  int slave = -1;
  std::array<char, 128> terminal{};
  if (::openpty(&master_, &slave, terminal.data(), nullptr, nullptr) != 0) {
    return fail(ErrorKind::kIo, "make a pseudo terminal for {}: {}", path_, std::strerror(errno));
  }
  termios settings{};
  ::tcgetattr(slave, &settings);
  ::cfmakeraw(&settings);
  ::cfsetspeed(&settings, B115200);
  ::tcsetattr(slave, TCSANOW, &settings);
  // Without an open end of ours, the terminal tells when the client closes its.
  ::close(slave);
  ::fcntl(master_, F_SETFL, O_NONBLOCK);
  ::fcntl(master_, F_SETFD, FD_CLOEXEC);
  terminal_ = terminal.data();

  struct stat existing{};
  if (::lstat(path_.c_str(), &existing) == 0) {
    if (!S_ISLNK(existing.st_mode)) {
      return fail(ErrorKind::kIo, "make the link {}: it exists and is no symbolic link; choose another path", path_);
    }
    ::unlink(path_.c_str());
  }
  if (::symlink(terminal_.c_str(), path_.c_str()) != 0) {
    return fail(ErrorKind::kIo, "make the link {} to {}: {}", path_, terminal_, std::strerror(errno));
  }
  linked_ = true;
  return {};
}

void PtyPort::unplug() {
  if (master_ < 0) return;
  // What stands at the path may be somebody else's.
  if (std::exchange(linked_, false)) ::unlink(path_.c_str());
  ::close(master_);
  master_ = -1;
}

bool PtyPort::opened_by_client() const {
  pollfd state{.fd = master_, .events = POLLIN, .revents = 0};
  return ::poll(&state, 1, 0) >= 0 && (state.revents & POLLHUP) == 0;
}

std::size_t PtyPort::unread() const {
  const int slave = ::open(terminal_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (slave < 0) return 0;
  int count = 0;
  const bool known = ::ioctl(slave, FIONREAD, &count) == 0;
  ::close(slave);
  return known ? static_cast<std::size_t>(count) : 0;
}

void PtyPort::discard_unread() const {
  const int slave = ::open(terminal_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (slave < 0) return;
  ::tcflush(slave, TCIOFLUSH);
  ::close(slave);
}

asio::awaitable<void> PtyPort::serve() {
  while (!stopping_) {
    while (!opened_by_client()) co_await context_.time.sleep_for(kLookEvery);
    co_await serve_client();
    if (stopping_) co_return;
    if (session_->end() != Session::End::kDisconnect) {
      // What the client left unread must not meet the next one.
      if (const std::size_t bytes = unread(); bytes > 0) {
        context_.truth.event(context_.number, "unread", fmt::format("{} bytes", bytes), context_.time.wall());
      }
      discard_unread();
      continue;
    }
    unplug();
    co_await context_.time.sleep_for(kUnpluggedTime);
    if (const auto plugged = plug_in(); !plugged) {
      log::error("sim", "{}", plugged.error().message);
      co_return;
    }
  }
}

asio::awaitable<void> PtyPort::serve_client() {
  const int line = ::fcntl(master_, F_DUPFD_CLOEXEC, 0);
  begin(Session::Kind::kSerial, asio::posix::stream_descriptor(executor_, line), [this] { return unread(); });
  const auto current = session_;
  if (!context_.radio.speaks_protobuf()) current->print(boot_text(context_.radio.own_num()));
  SteadyTime print_at = context_.time.steady() + kLogLineEvery;
  std::uint32_t uptime = 3;
  while (current->open()) {
    co_await context_.time.sleep_for(kLookEvery);
    if (context_.time.steady() < print_at) continue;
    print_at += kLogLineEvery;
    current->print(log_line(uptime += 2));
  }
}

}  // namespace mmm::sim
