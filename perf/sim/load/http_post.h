#pragma once

#include "core/base/result.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace mmm::sim {

struct PostAnswer {
  int status = 0;
  std::chrono::seconds retry_after{0};
  std::string_view body;  // valid until the next post()
};

// One kept-alive HTTP/1.1 connection that only posts: plain http, no redirects, answers with Content-Length. It does
// less than core/http's client on purpose, so that a load generator leaves the machine to the server.
class HttpPost {
 public:
  // `head_start` is everything of the request's head but Content-Length: request line and headers, with their line
  // ends.
  HttpPost(const boost::asio::any_io_executor& executor, const boost::asio::ip::tcp::endpoint& endpoint,
           std::string head_start);

  // Sends the body, given in two parts, and reads the answer; connects when it is not connected. Fails with
  // kUnavailable (cannot connect), kClosed (connection lost) or kMalformed (not such an answer); the connection is
  // closed then. The parts must live until it returns.
  boost::asio::awaitable<Result<PostAnswer>> post(std::string_view first, std::string_view second);

  void close();

 private:
  boost::asio::awaitable<Result<>> connect();
  boost::asio::awaitable<Result<PostAnswer>> read_answer();

  boost::asio::ip::tcp::endpoint endpoint_;
  boost::asio::ip::tcp::socket socket_;
  const std::string head_start_;
  std::string head_;
  std::string input_;
};

}  // namespace mmm::sim
