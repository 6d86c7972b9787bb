#include "tests/unit/http/relay_proxy.h"

#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace mmm::test {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Copies until the sender ends or the receiver is gone.
void copy(tcp::socket& from, tcp::socket& to) {
  std::array<char, 16384> bytes{};
  boost::system::error_code error;
  while (true) {
    const std::size_t size = from.read_some(asio::buffer(bytes), error);
    if (error) break;
    asio::write(to, asio::buffer(bytes.data(), size), error);
    if (error) break;
  }
  to.shutdown(tcp::socket::shutdown_send, error);
}

}  // namespace

RelayProxy::RelayProxy()
    : acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(acceptor_.local_endpoint().port()),
      thread_([this] { serve(); }) {}

RelayProxy::~RelayProxy() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  // Wakes accept().
  boost::system::error_code error;
  tcp::socket knock(context_);
  knock.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port_), error);
  thread_.join();
}

std::vector<std::string> RelayProxy::heads() const {
  const std::lock_guard lock(mutex_);
  return heads_;
}

void RelayProxy::answer_with(std::string response) {
  const std::lock_guard lock(mutex_);
  response_ = std::move(response);
}

void RelayProxy::serve() {
  while (true) {
    boost::system::error_code error;
    tcp::socket client(context_);
    acceptor_.accept(client, error);
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    if (!error) relay(client);
  }
}

void RelayProxy::relay(tcp::socket& client) {
  boost::system::error_code error;
  std::string head;
  asio::read_until(client, asio::dynamic_buffer(head), "\r\n\r\n", error);
  if (error) return;
  std::string response;
  {
    const std::lock_guard lock(mutex_);
    heads_.push_back(head);
    response = response_;
  }
  if (!response.empty()) {
    asio::write(client, asio::buffer(response), error);
    return;
  }
  const bool tunnel = head.starts_with("CONNECT ");
  const auto host = tunnel ? head.find(' ') + 1 : head.find("://") + 3;
  const auto port = std::stoi(head.substr(head.find(':', host) + 1));
  tcp::socket server(context_);
  server.connect(tcp::endpoint(asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)), error);
  if (error) return;
  if (tunnel) {
    asio::write(client, asio::buffer(std::string("HTTP/1.1 200 Connection established\r\n\r\n")), error);
  } else {
    // The server gets the path only.
    const auto url = head.find(' ') + 1;
    head.erase(url, head.find('/', host) - url);
    asio::write(server, asio::buffer(head), error);
  }
  std::thread back([&] { copy(server, client); });
  copy(client, server);
  back.join();
}

}  // namespace mmm::test
