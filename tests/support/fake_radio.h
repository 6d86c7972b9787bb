#pragma once

#include "tests/support/radio_messages.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace mmm::test {

// A small scripted radio on a real file descriptor (the master of a pty, or a connected socket): it answers requests
// for its configuration and heartbeats, and sends what the test gives it. mmm-sim is the radio that behaves like a
// whole one.
class FakeRadio {
 public:
  FakeRadio(const boost::asio::any_io_executor& executor, int descriptor) : line_(executor, descriptor) {}

  // Serves until the line is closed from either side, or the task is cancelled.
  boost::asio::awaitable<void> run() {
    std::array<char, 256> buffer{};
    while (true) {
      boost::system::error_code error;
      const auto size = co_await line_.async_read_some(boost::asio::buffer(buffer),
                                                       boost::asio::redirect_error(boost::asio::use_awaitable, error));
      if (error) co_return;
      received_.append(buffer.data(), size);
      std::string answer;
      for (const auto& message : radio_messages::sent_messages(std::exchange(received_, {}))) {
        if (message.payload_variant_case() == mesh::ToRadio::kWantConfigId) {
          ++requests;
          for (const auto& reply : radio_messages::dump(message.want_config_id())) answer += *mesh::encode_frame(reply);
        }
        if (message.has_heartbeat()) answer += *mesh::encode_frame(radio_messages::queue_status());
      }
      co_await send(std::move(answer));
    }
  }

  // Sends bytes as they are, in pieces of `piece` bytes.
  boost::asio::awaitable<void> send(std::string bytes, std::size_t piece = SIZE_MAX) {
    for (std::size_t at = 0; at < bytes.size(); at += std::min(piece, bytes.size() - at)) {
      boost::system::error_code error;
      const auto part = boost::asio::buffer(bytes.data() + at, std::min(piece, bytes.size() - at));
      co_await boost::asio::async_write(line_, part, boost::asio::redirect_error(boost::asio::use_awaitable, error));
      if (error) co_return;
    }
  }

  boost::asio::awaitable<void> send_packet(std::uint32_t id, std::size_t piece = SIZE_MAX) {
    co_await send(*mesh::encode_frame(radio_messages::packet(id)), piece);
  }

  void close() {
    boost::system::error_code ignored;
    static_cast<void>(line_.close(ignored));
  }

  int requests = 0;  // for the configuration

 private:
  boost::asio::posix::stream_descriptor line_;
  std::string received_;
};

}  // namespace mmm::test
