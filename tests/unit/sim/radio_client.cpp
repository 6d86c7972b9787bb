#include "tests/unit/sim/radio_client.h"

#include "core/base/encoding.h"
#include "core/base/limits.h"

#include <arpa/inet.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

namespace mmm::sim {
namespace {

namespace asio = boost::asio;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

int connect_to(std::string_view address) {
  const auto colon = address.rfind(':');
  std::uint16_t port = 0;
  std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
  sockaddr_in target{};
  target.sin_family = AF_INET;
  target.sin_port = htons(port);
  ::inet_pton(AF_INET, std::string(address.substr(0, colon)).c_str(), &target.sin_addr);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&target), sizeof target) == 0) return fd;
  ::close(fd);
  return -1;
}

}  // namespace

RadioClient::RadioClient(asio::any_io_executor executor) : executor_(executor), line_(executor), tasks_(executor) {}

RadioClient::~RadioClient() {
  close();
}

bool RadioClient::open(std::string_view port) {
  const std::string address(port.substr(4));
  const int fd =
      port.starts_with("tcp ") ? connect_to(address) : ::open(address.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return false;
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  line_.assign(fd);
  decoder_.reset();
  ended_ = false;
  tasks_.spawn("client", read());
  tasks_.spawn("client's patience", watch());
  return true;
}

void RadioClient::send_raw(std::string_view bytes) {
  // A few bytes always fit the line's buffer.
  EXPECT_EQ(::write(line_.native_handle(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
}

void RadioClient::send(const mesh::ToRadio& message) {
  std::string frame;
  ASSERT_TRUE(mesh::append_frame(frame, message.SerializeAsString()).has_value());
  send_raw(frame);
}

void RadioClient::want_config(std::uint32_t nonce) {
  mesh::ToRadio message;
  message.set_want_config_id(nonce);
  send(message);
}

void RadioClient::close() {
  boost::system::error_code ignored;
  line_.close(ignored);
  tasks_.cancel();
}

asio::awaitable<void> RadioClient::join() {
  close();
  co_await tasks_.join();
}

bool RadioClient::configured(std::uint32_t nonce) const {
  return std::ranges::any_of(messages, [nonce](const auto& message) { return message.config_complete_id() == nonce; });
}

std::vector<std::string> RadioClient::packets_hex() const {
  std::vector<std::string> out;
  for (const auto& message : messages) {
    if (message.has_packet()) out.push_back(to_hex(message.packet().SerializeAsString()));
  }
  return out;
}

asio::awaitable<void> RadioClient::read() {
  while (true) {
    const auto space = decoder_.prepare();
    const auto [error, size] = co_await line_.async_read_some(asio::buffer(space.data(), space.size()), kTuple);
    if (error) break;  // the radio's end, or ours
    bytes_ += size;
    decoder_.commit(size);
    take_frames();
  }
  boost::system::error_code ignored;
  line_.close(ignored);
  ended_ = true;
}

void RadioClient::take_frames() {
  while (const auto frame = decoder_.next()) {
    mesh::FromRadio message;
    if (message.ParseFromArray(frame->data(), static_cast<int>(frame->size())))
      messages.push_back(std::move(message));
    else
      decoder_.reject();
  }
  while (auto line = decoder_.text_lines().next()) text.push_back(std::move(*line));
}

asio::awaitable<void> RadioClient::watch() {
  asio::steady_timer timer(executor_);
  std::size_t before = 0;
  while (true) {
    timer.expires_after(limits::kMidFrameTimeout);
    co_await timer.async_wait(asio::use_awaitable);
    if (decoder_.mid_frame() && bytes_ == before) {
      decoder_.timed_out();
      take_frames();
    }
    before = bytes_;
  }
}

}  // namespace mmm::sim
