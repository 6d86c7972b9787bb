#include "tests/unit/http/raw_client.h"

#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace mmm::test {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

std::string decode_chunks(std::string_view text) {
  std::string body;
  while (!text.empty()) {
    const std::size_t line = text.find("\r\n");
    std::size_t size = 0;
    std::from_chars(text.data(), text.data() + line, size, 16);
    body.append(text.substr(line + 2, size));
    text.remove_prefix(line + 2 + size + 2);
    if (size == 0) break;
  }
  return body;
}

RawResponse parse_head(std::string_view head) {
  RawResponse response;
  response.status = std::stoi(std::string(head.substr(9, 3)));
  head.remove_prefix(head.find("\r\n") + 2);
  while (head != "\r\n") {
    const std::size_t end = head.find("\r\n");
    const std::size_t colon = head.find(": ");
    std::string name(head.substr(0, colon));
    std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
    response.headers[name] = head.substr(colon + 2, end - colon - 2);
    head.remove_prefix(end + 2);
  }
  return response;
}

}  // namespace

RawClient::RawClient(std::uint16_t port) : socket_(context_) {
  socket_.connect({asio::ip::address_v4::loopback(), port});
  const timeval patience{.tv_sec = kPatience.count(), .tv_usec = 0};
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

void RawClient::send(std::string_view bytes) {
  asio::write(socket_, asio::buffer(bytes));
}

void RawClient::send_lossy(std::string_view bytes) {
  boost::system::error_code ignored;
  asio::write(socket_, asio::buffer(bytes), ignored);
}

bool RawClient::more() {
  std::array<char, 65536> piece{};
  // Not read_some(): Asio waits for ever where the socket's own patience ends.
  const auto size = ::recv(socket_.native_handle(), piece.data(), piece.size(), 0);
  if (size <= 0) return false;
  received_.append(piece.data(), static_cast<std::size_t>(size));
  return true;
}

std::string RawClient::receive_until(std::string_view mark) {
  while (received_.find(mark) == std::string::npos) {
    if (!more()) return {};
  }
  const std::size_t end = received_.find(mark) + mark.size();
  std::string text = received_.substr(0, end);
  received_.erase(0, end);
  return text;
}

RawResponse RawClient::receive(bool to_head) {
  const std::string head = receive_until("\r\n\r\n");
  if (head.empty()) return {};
  RawResponse response = parse_head(head);
  if (to_head || response.status < 200 || response.status == 204 || response.status == 304) return response;
  if (response.headers.contains("transfer-encoding")) {
    response.body = decode_chunks(receive_until("0\r\n\r\n"));
  } else if (response.headers.contains("content-length")) {
    const std::size_t size = std::stoul(response.headers["content-length"]);
    while (received_.size() < size) {
      if (!more()) return {};
    }
    response.body = received_.substr(0, size);
    received_.erase(0, size);
  } else {
    while (more()) {
    }
    response.body = std::exchange(received_, {});
  }
  return response;
}

bool RawClient::closed() {
  if (!received_.empty()) return false;
  std::array<char, 1> byte{};
  const auto size = ::recv(socket_.native_handle(), byte.data(), byte.size(), 0);
  return size == 0 || (size < 0 && (errno == ECONNRESET || errno == EPIPE));
}

void RawClient::shutdown_send() {
  socket_.shutdown(tcp::socket::shutdown_send);
}

void RawClient::close() {
  socket_.close();
}

void RawClient::set_receive_buffer(int bytes) {
  socket_.set_option(tcp::socket::receive_buffer_size(bytes));
}

std::string http_request(std::string_view method, std::string_view target, std::string_view body,
                         std::string_view extra) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: test\r\n{}", method, target, extra);
  if (!body.empty()) text += fmt::format("Content-Length: {}\r\n", body.size());
  text += "\r\n";
  return text.append(body);
}

}  // namespace mmm::test
