#pragma once

#include "core/async/time_source.h"
#include "core/mesh/frame_codec.h"
#include "perf/sim/radio/faults.h"
#include "perf/sim/radio/line_protocol.h"
#include "perf/sim/radio/truth.h"
#include "perf/sim/radio/wakeup.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace mmm::sim {

// What a session needs of the place it runs in; all of it outlives the sessions.
struct SessionContext {
  std::size_t number;  // of the radio, from 1
  LineProtocol& radio;
  FaultInjector& faults;
  Truth& truth;
  TimeSource& time;
  // Notified when a message was written or the session's state changed: the mesh may go on.
  Wakeup& progress;
  // Notified when the client sent something: the mesh may have to answer.
  Wakeup& client_sent;
};

// One client on one line, a TCP connection or a serial line: moves frames between it and the radio.
//
// A message counts as delivered when the kernel has taken its last byte. Owned by a shared_ptr that its coroutines
// hold.
class Session {
 public:
  enum class Kind : std::uint8_t { kTcp, kSerial };
  // Why the line is to be closed; kNone while it is open.
  enum class End : std::uint8_t { kNone, kClientLeft, kAskedToClose, kIdle, kKicked, kReboot, kDisconnect, kStopped };

  // `unread`: how many bytes the client has not read yet, where that can be known (a pseudo terminal).
  Session(const SessionContext& context, Kind kind, boost::asio::posix::stream_descriptor line,
          std::function<std::size_t()> unread);

  // The two directions; each ends when the line is closed. The holder keeps the session alive.
  static boost::asio::awaitable<void> read(std::shared_ptr<Session> self);
  static boost::asio::awaitable<void> write(std::shared_ptr<Session> self);

  // There may be something to write.
  void wake() { outgoing_.notify_all(); }
  // Debug text for a serial line, written unless the client speaks protobuf by then.
  void print(std::string_view text);
  // Closes at once, as a device does that loses power or takes another client.
  void close(End end);
  // Stops sending, and closes when the client has read everything (TCP: and has closed), or after two seconds.
  boost::asio::awaitable<void> finish(End end);
  // The first part of finish(), which does not wait: for several sessions at once.
  void begin_finish(End end);

  [[nodiscard]] bool open() const { return end_ == End::kNone; }
  [[nodiscard]] End end() const { return end_; }
  // The same, known while the client may still read what was written.
  [[nodiscard]] End planned_end() const { return open() ? planned_end_ : end_; }
  [[nodiscard]] SteadyTime ended_at() const { return ended_at_; }
  // Everything that the radio had to say is with the kernel.
  [[nodiscard]] bool drained() const { return idle_ && context_.radio.drained(); }

 private:
  void take_frames();
  boost::asio::awaitable<bool> write_batch();
  boost::asio::awaitable<bool> write_one_with_faults(OutMessage message);
  boost::asio::awaitable<bool> write_bytes(std::string_view bytes);
  void delivered(const OutMessage& message);

  SessionContext context_;
  const Kind kind_;
  boost::asio::posix::stream_descriptor line_;
  mesh::FrameDecoder decoder_;
  Wakeup outgoing_;
  const std::function<std::size_t()> unread_;
  std::string text_;   // waiting to be printed
  bool idle_ = false;  // the writer found nothing to do
  bool finishing_ = false;
  bool was_ready_ = false;
  End end_ = End::kNone;
  End planned_end_ = End::kNone;  // while finishing
  SteadyTime finish_until_{};
  SteadyTime ended_at_{};
};

std::string_view to_string(Session::End end);

}  // namespace mmm::sim
