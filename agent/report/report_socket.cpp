#include "agent/report/report_socket.h"

#include "core/async/with_deadline.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace mmm::agent {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kWriteMax{5};
constexpr std::chrono::seconds kAnswerMax{5};
// When accepting fails, as without a free file descriptor.
constexpr std::chrono::seconds kAcceptPause{1};
constexpr auto kToken = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReportBytesMax = 8U << 20U;

asio::awaitable<Result<>> write_all(asio::local::stream_protocol::socket& socket, const std::string& text) {
  const auto [error, size] = co_await asio::async_write(socket, asio::buffer(text), kToken);
  if (error) co_return fail(ErrorKind::kClosed, "{}", error.message());
  co_return Result<>();
}

// Empty when the path is too long for a socket.
std::optional<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  const std::string text = path.string();
  if (text.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, text.data(), text.size());
  return address;
}

// Closes it when it goes.
struct Descriptor {
  int number = -1;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

}  // namespace

std::filesystem::path report_socket_path(const std::filesystem::path& buffer_path) {
  return buffer_path.string() + ".socket";
}

ReportSocket::ReportSocket(std::filesystem::path path, const asio::any_io_executor& executor, TimeSource& time,
                           Make make)
    : path_(std::move(path)), time_(time), make_(std::move(make)), acceptor_(executor) {}

ReportSocket::~ReportSocket() {
  ::unlink(path_.c_str());
}

Result<std::unique_ptr<ReportSocket>> ReportSocket::listen(const std::filesystem::path& path,
                                                           const asio::any_io_executor& executor, TimeSource& time,
                                                           Make make) {
  if (!address_of(path)) return fail(ErrorKind::kIo, "{} is too long for a socket", path.string());
  // The buffer's lock has shown that no other agent uses it.
  ::unlink(path.c_str());
  std::unique_ptr<ReportSocket> made(new ReportSocket(path, executor, time, std::move(make)));
  boost::system::error_code error;
  auto& acceptor = made->acceptor_;
  acceptor.open(Protocol(), error);
  const mode_t mask = ::umask(0177);
  if (!error) acceptor.bind(Protocol::endpoint(path.string()), error);
  ::umask(mask);
  if (!error) acceptor.listen(4, error);
  if (error) return fail(ErrorKind::kIo, "{}: {}", path.string(), error.message());
  return made;
}

asio::awaitable<void> ReportSocket::run() {
  while (true) {
    auto [error, socket] = co_await acceptor_.async_accept(kToken);
    if (error) {
      co_await time_.sleep_for(kAcceptPause);
      continue;
    }
    const std::string report = co_await make_();
    // Who went away before the end does not want it.
    static_cast<void>(co_await with_deadline(time_, time_.steady() + kWriteMax, write_all(socket, report)));
  }
}

Result<std::string> ask_report(const std::filesystem::path& path) {
  const auto address = address_of(path);
  if (!address) return fail(ErrorKind::kIo, "{} is too long for a socket", path.string());
  const Descriptor socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const timeval limit{.tv_sec = kAnswerMax.count(), .tv_usec = 0};
  if (socket.number < 0 || ::setsockopt(socket.number, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0 ||
      ::setsockopt(socket.number, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0) {
    return fail(ErrorKind::kIo, "no socket: {}", std::strerror(errno));
  }
  if (::connect(socket.number, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED) {
      return fail(ErrorKind::kNotFound, "no agent runs with this configuration: nobody listens at {}", path.string());
    }
    return fail(ErrorKind::kIo, "{}: {}", path.string(), std::strerror(errno));
  }
  std::string report;
  std::array<char, 65'536> piece;
  for (;;) {
    const ssize_t size = ::read(socket.number, piece.data(), piece.size());
    if (size == 0) return report;
    if (size < 0 && errno == EINTR) continue;
    if (size < 0)
      return fail(ErrorKind::kTimeout, "{}: the agent does not answer: {}", path.string(), std::strerror(errno));
    report.append(piece.data(), static_cast<std::size_t>(size));
    if (report.size() > kReportBytesMax) return fail(ErrorKind::kTooLarge, "{}: the answer has no end", path.string());
  }
}

}  // namespace mmm::agent
