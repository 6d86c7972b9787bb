#include "agent/radio/tcp_transport.h"

#include "core/async/resolve.h"
#include "core/async/with_deadline.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace mmm::agent {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto kConnectTimeout = std::chrono::seconds{10};
// A radio closes the connection when its own small send buffer is full: what we have not read yet must fit here.
constexpr int kReceiveBufferBytes = 256 << 10;
// A radio that lost its power is noticed after about a minute, when the heartbeat has not noticed it before.
constexpr int kKeepaliveIdleSeconds = 30;
constexpr int kKeepaliveIntervalSeconds = 10;
constexpr int kKeepaliveProbes = 3;

void set_option(int socket, int level, int name, int value) {
  // Best effort: without them the line works, only less well.
  static_cast<void>(::setsockopt(socket, level, name, &value, sizeof value));
}

void tune(int socket) {
  set_option(socket, SOL_SOCKET, SO_RCVBUF, kReceiveBufferBytes);
  set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, kKeepaliveIdleSeconds);
  set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, kKeepaliveIntervalSeconds);
  set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, kKeepaliveProbes);
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
}

// Tries each address of the host in turn. The buffer size must be set before connecting, for the window to scale.
asio::awaitable<Result<>> connect(tcp::socket& socket, const std::string& host, std::uint16_t port) {
  const auto endpoints = co_await resolve(host, port, kConnectTimeout);
  if (!endpoints) {
    co_return fail(endpoints.error().kind, "{}; is [meshtastic] tcp_host right?", endpoints.error().message);
  }
  boost::system::error_code error = asio::error::host_not_found;
  for (const tcp::endpoint& endpoint : *endpoints) {
    boost::system::error_code ignored;
    static_cast<void>(socket.close(ignored));
    static_cast<void>(socket.open(endpoint.protocol(), error));
    if (error) continue;
    tune(socket.native_handle());
    co_await socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
    if (!error) co_return Result<>{};
  }
  co_return fail(ErrorKind::kUnavailable, "{}; is [meshtastic] tcp_host right, and the radio on?", error.message());
}

}  // namespace

TcpTransport::TcpTransport(asio::any_io_executor executor, TimeSource& time, std::string host, std::uint16_t port)
    : executor_(std::move(executor)),
      time_(time),
      host_(std::move(host)),
      port_(port),
      description_(host_.contains(':') ? fmt::format("tcp [{}]:{}", host_, port_)
                                       : fmt::format("tcp {}:{}", host_, port_)),
      stream_(executor_, time) {}

asio::awaitable<Result<>> TcpTransport::open() {
  tcp::socket socket(executor_);
  const auto deadline = time_.steady() + kConnectTimeout;
  auto connected = co_await with_deadline(time_, deadline, connect(socket, host_, port_));
  if (!connected && time_.steady() >= deadline) {
    co_return fail(ErrorKind::kTimeout,
                   "cannot connect to {}: no answer within {} s; is [meshtastic] tcp_host right, and the radio on?",
                   description_, kConnectTimeout.count());
  }
  if (!connected) co_return fail(connected.error().with("cannot connect to {}", description_));
  boost::system::error_code error;
  const int descriptor = socket.release(error);
  if (error) co_return fail(ErrorKind::kIo, "{}: {}", description_, error.message());
  co_return stream_.assign(descriptor);
}

}  // namespace mmm::agent
