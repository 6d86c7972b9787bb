#include "perf/sim/radio/tcp_port.h"

#include "core/log/log.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace mmm::sim {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

// How long a radio takes to come back after a reboot.
constexpr auto kBootTime = std::chrono::milliseconds{1500};

}  // namespace

TcpPort::TcpPort(asio::any_io_executor executor, const SessionContext& context)
    : Port(executor, context), acceptor_(executor) {}

Result<> TcpPort::listen(const std::string& host, std::uint16_t port) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error) return fail(ErrorKind::kInvalidArgument, "listen on {}: give an IP address, for example 127.0.0.1", host);
  if (endpoint_.port() == 0) endpoint_ = tcp::endpoint(address, port);
  acceptor_.open(endpoint_.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint_, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return fail(ErrorKind::kUnavailable, "listen on {}:{}: {}", host, port, error.message());
  endpoint_ = acceptor_.local_endpoint();
  return {};
}

std::string TcpPort::name() const {
  const bool v6 = endpoint_.address().is_v6();
  return fmt::format("tcp {}{}{}:{}", v6 ? "[" : "", endpoint_.address().to_string(), v6 ? "]" : "", endpoint_.port());
}

void TcpPort::begin_stop() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  Port::begin_stop();
}

// After a reboot connections are dropped for a while.
bool TcpPort::booting() const {
  if (!session_ || session_->planned_end() != Session::End::kReboot) return false;
  return session_->open() || context_.time.steady() - session_->ended_at() < kBootTime;
}

asio::awaitable<void> TcpPort::serve() {
  while (true) {
    auto [error, socket] = co_await acceptor_.async_accept(kTuple);
    if (stopping_ || error == asio::error::operation_aborted) co_return;
    if (error) {
      log::warning("sim", "{}: accepting a client failed: {}", name(), error.message());
      co_await context_.time.sleep_for(std::chrono::milliseconds{100});
      continue;
    }
    if (booting()) continue;
    if (const auto earlier = session()) earlier->close(Session::End::kKicked);
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    const int descriptor = socket.release();
    begin(Session::Kind::kTcp, asio::posix::stream_descriptor(executor_, descriptor));
  }
}

}  // namespace mmm::sim
