#pragma once

#include "core/async/task_group.h"
#include "core/mesh/frame_codec.h"
#include "core/mesh/from_radio.pb.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::sim {

// A client of a radio's line, for tests: collects every message, and gives up on a frame that stays unfinished as a
// good receiver does. Uses one line at a time. Its coroutines end with close().
class RadioClient {
 public:
  explicit RadioClient(boost::asio::any_io_executor executor);
  ~RadioClient();

  // "tcp 127.0.0.1:4711" or "pty /path", as a port is named. False when it cannot be opened.
  bool open(std::string_view port);
  void want_config(std::uint32_t nonce);
  void send(const mesh::ToRadio& message);
  // Writes these bytes as they are.
  void send_raw(std::string_view bytes);
  void close();
  boost::asio::awaitable<void> join();

  // The radio closed the line.
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] bool configured(std::uint32_t nonce) const;
  [[nodiscard]] std::size_t bytes_received() const { return bytes_; }

  std::vector<mesh::FromRadio> messages;
  std::vector<std::string> text;  // lines between the frames

  // The packets among the messages, as hex of each MeshPacket.
  [[nodiscard]] std::vector<std::string> packets_hex() const;

 private:
  boost::asio::awaitable<void> read();
  boost::asio::awaitable<void> watch();
  void take_frames();

  boost::asio::any_io_executor executor_;
  boost::asio::posix::stream_descriptor line_;
  mesh::FrameDecoder decoder_;
  TaskGroup tasks_;
  std::size_t bytes_ = 0;
  bool ended_ = false;
};

}  // namespace mmm::sim
