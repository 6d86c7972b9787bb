#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace mmm::test {

struct RawResponse {
  int status = 0;  // 0: the connection ended before a whole response
  std::map<std::string, std::string> headers;
  std::string body;
};

// A client that sends exactly the bytes it is told to, on a blocking socket. What does not come within kPatience does
// not come.
class RawClient {
 public:
  static constexpr std::chrono::seconds kPatience{10};

  explicit RawClient(std::uint16_t port);

  void send(std::string_view bytes);
  // As much as the socket takes, ignoring errors: for peers that may have closed.
  void send_lossy(std::string_view bytes);
  // Reads one response. `to_head`: an answer to HEAD, which has no body.
  RawResponse receive(bool to_head = false);
  // Reads until `mark` has come, and returns everything up to and with it; empty when the connection ends before.
  std::string receive_until(std::string_view mark);
  // True when the server closes, without another byte before.
  bool closed();
  void shutdown_send();
  void close();
  void set_receive_buffer(int bytes);

  // Reads what is there, or what comes next; false when nothing more comes.
  bool more();

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  std::string received_;
};

// "GET /path HTTP/1.1" with Host, the extra header lines (each with CRLF) and a body, with its length unless empty.
std::string http_request(std::string_view method, std::string_view target, std::string_view body = {},
                         std::string_view extra = {});

}  // namespace mmm::test
