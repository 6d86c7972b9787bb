#include "core/log_shipping/collector_connection.h"

#include "core/async/resolve.h"
#include "core/async/with_deadline.h"
#include "core/http/fetch/handshake.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <sys/socket.h>

namespace mmm::log {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

namespace {

constexpr std::chrono::seconds kOpenMax{10};
constexpr std::chrono::seconds kWriteMax{5};
constexpr auto kToken = asio::as_tuple(asio::use_awaitable);

ErrorKind kind_of(const boost::system::error_code& error, ErrorKind otherwise) {
  return error == asio::error::operation_aborted ? ErrorKind::kCancelled : otherwise;
}

}  // namespace

asio::awaitable<Result<std::unique_ptr<CollectorConnection>>> CollectorConnection::open(const CollectorConfig& config,
                                                                                        TimeSource& time) {
  std::unique_ptr<CollectorConnection> connection(new CollectorConnection(co_await asio::this_coro::executor, time));
  auto begun = co_await with_deadline(time, time.steady() + kOpenMax, connection->begin(config));
  if (!begun) co_return fail(begun.error());
  co_return std::move(connection);
}

asio::awaitable<Result<>> CollectorConnection::begin(const CollectorConfig& config) {
  if (auto connected = co_await connect(config); !connected) co_return connected;
  if (config.use_tls) {
    if (auto secured = co_await secure(config); !secured) co_return secured;
  }
  if (config.auth_token.empty()) co_return Result<>();
  // Lives as long as the operation that sends it.
  const std::string line = boost::json::serialize(boost::json::object{{"auth_token", config.auth_token}}) + "\n";
  co_return co_await write_all(line);
}

asio::awaitable<Result<>> CollectorConnection::connect(const CollectorConfig& config) {
  auto endpoints = co_await resolve(config.host, config.port, kOpenMax);
  if (!endpoints) co_return fail(endpoints.error());
  const auto [error, endpoint] = co_await asio::async_connect(socket_, *endpoints, kToken);
  if (error) {
    co_return fail(kind_of(error, ErrorKind::kUnavailable), "cannot connect to {}:{}: {}", config.host, config.port,
                   error.message());
  }
  co_return Result<>();
}

asio::awaitable<Result<>> CollectorConnection::secure(const CollectorConfig& config) {
  auto context = http::make_client_context(config.trust);
  if (!context) co_return fail(context.error());
  context_ = std::move(*context);
  tls_ = std::make_unique<ssl::stream<Socket&>>(socket_, *context_);
  co_return co_await http::shake_hands(*tls_, config.host, config.trust);
}

bool CollectorConnection::is_closed() {
  char byte = 0;
  return ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

asio::awaitable<Result<>> CollectorConnection::write(std::string_view text) {
  if (is_closed()) co_return fail(ErrorKind::kClosed, "it has closed the connection");
  co_return co_await with_deadline(time_, time_.steady() + kWriteMax, write_all(text));
}

asio::awaitable<Result<>> CollectorConnection::write_all(std::string_view text) {
  boost::system::error_code error;
  std::size_t written = 0;
  if (tls_) {
    std::tie(error, written) = co_await asio::async_write(*tls_, asio::buffer(text), kToken);
  } else {
    std::tie(error, written) = co_await asio::async_write(socket_, asio::buffer(text), kToken);
  }
  if (error) co_return fail(kind_of(error, ErrorKind::kClosed), "the connection is lost: {}", error.message());
  co_return Result<>();
}

}  // namespace mmm::log
