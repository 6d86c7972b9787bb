#pragma once

#include "core/base/result.h"
#include "core/base/time.h"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace mmm::agent {

// What the session with a radio must know about the line between them.
struct LineTraits {
  // Radios give such a line to one client at a time, taking it from the one before.
  bool is_network = false;
  // A radio prints text on it before it is spoken to.
  bool carries_text = false;
  // A radio drops a message that equals the one before it.
  bool drops_repeats = false;
  // A request without an answer for so long is repeated.
  std::chrono::milliseconds answer_max{7'000};
};

// A line to a radio: serial, TCP or BLE, or a script in a test. Opened and closed again and again by its one owner. It
// carries the stream protocol (core/mesh/frame_codec.h) both ways.
//
// Concurrency: one thread, one operation at a time. Every wait ends at its deadline.
class Transport {
 public:
  virtual ~Transport() = default;

  // "serial /dev/ttyUSB0", "tcp 192.0.2.1:4403": for the log and the status.
  [[nodiscard]] virtual const std::string& description() const = 0;
  [[nodiscard]] virtual LineTraits traits() const = 0;

  // Opens the line; the error says in words what to look at.
  virtual boost::asio::awaitable<Result<>> open() = 0;
  // True: read_some() has something to say. False: the deadline came first.
  virtual boost::asio::awaitable<bool> wait_readable(SteadyTime deadline) = 0;
  // What is there now, at once; 0 when nothing is. kClosed: the other end closed or the device went away.
  virtual Result<std::size_t> read_some(std::span<char> into) = 0;
  // Writes all of it. `bytes` must live until then. kTimeout, kClosed, kIo.
  virtual boost::asio::awaitable<Result<>> write(std::string_view bytes, SteadyTime deadline) = 0;
  virtual void close() = 0;
};

}  // namespace mmm::agent
