#pragma once

#include "core/async/time_source.h"
#include "core/base/result.h"
#include "core/log_shipping/log_config.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <string_view>

namespace mmm::log {

// A connection to a collector of lines, plain or TLS. Each operation takes at most some seconds. One thread.
class CollectorConnection {
 public:
  // Connects, and shows the token. Fails with kUnavailable (no such host, nobody listens, the certificate is not
  // trusted), kTimeout or kCancelled.
  static boost::asio::awaitable<Result<std::unique_ptr<CollectorConnection>>> open(const CollectorConfig& config,
                                                                                   TimeSource& time);

  // Fails with kClosed or kTimeout; nobody knows then how much of it has arrived.
  boost::asio::awaitable<Result<>> write(std::string_view text);

 private:
  using Socket = boost::asio::ip::tcp::socket;

  CollectorConnection(const boost::asio::any_io_executor& executor, TimeSource& time)
      : time_(time), socket_(executor) {}
  boost::asio::awaitable<Result<>> begin(const CollectorConfig& config);
  boost::asio::awaitable<Result<>> connect(const CollectorConfig& config);
  boost::asio::awaitable<Result<>> secure(const CollectorConfig& config);
  boost::asio::awaitable<Result<>> write_all(std::string_view text);
  // The other side has closed: what is written now would be lost without a word.
  [[nodiscard]] bool is_closed();

  TimeSource& time_;
  Socket socket_;
  // Made when the configuration asks for TLS; the stream refers to socket_.
  std::unique_ptr<boost::asio::ssl::context> context_;
  std::unique_ptr<boost::asio::ssl::stream<Socket&>> tls_;
};

}  // namespace mmm::log
