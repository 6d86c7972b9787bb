#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mmm::test {

// An HTTP proxy on a free port of the loopback, one client at a time. Whatever host it is asked for, it connects to
// that port of 127.0.0.1.
class RelayProxy {
 public:
  RelayProxy();
  ~RelayProxy();
  RelayProxy(const RelayProxy&) = delete;
  RelayProxy& operator=(const RelayProxy&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  // The head of each connection's first request.
  [[nodiscard]] std::vector<std::string> heads() const;
  // Answers so from now on, and relays nothing.
  void answer_with(std::string response);

 private:
  void serve();
  void relay(boost::asio::ip::tcp::socket& client);

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> heads_;
  std::string response_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace mmm::test
