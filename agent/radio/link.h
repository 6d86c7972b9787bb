#pragma once

#include "agent/buffer/record.h"
#include "agent/radio/link_guest.h"
#include "agent/radio/link_probe.h"
#include "agent/radio/reconnect.h"
#include "agent/radio/session.h"
#include "agent/radio/transport.h"
#include "core/async/time_source.h"
#include "core/log/throttle.h"
#include "core/mesh/frame_codec.h"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>

namespace mmm::agent {

// What there is to say about a link at this moment.
struct LinkStatus {
  upload::AgentStatus::LinkState state = upload::AgentStatus::LINK_STATE_CONNECTING;
  std::string reason;  // in words, when the state is not ready
  mesh::RadioProfile profile;
};

// Keeps one radio connected for ever and hands what it delivers to the sink. Never waits for anything but the line.
//
// Concurrency: one thread, the executor's. The references must outlive run().
class RadioLink {
 public:
  RadioLink(Transport& transport, RecordSink& sink, TimeSource& time, LinkProbe probe, std::uint64_t seed);

  // Runs until it is cancelled. Call once.
  boost::asio::awaitable<void> run();

  // Called after each change of status(), on the link's thread.
  void on_change(std::function<void()> callback) { on_change_ = std::move(callback); }
  // Who may send through this link; before run(). It must outlive run().
  void admit(LinkGuest& guest) { guest_ = &guest; }
  [[nodiscard]] const LinkStatus& status() const { return status_; }
  // When the last packet came; empty: none since the start.
  [[nodiscard]] std::optional<WallTime> last_packet() const { return last_packet_; }
  [[nodiscard]] const std::string& description() const { return transport_.description(); }

 private:
  boost::asio::awaitable<SessionEnd> serve();
  boost::asio::awaitable<Result<>> flush(Session& session);
  Result<> receive(Session& session);
  void take_frames(Session& session);
  void take_text(Session& session);
  void serve_guest(Session& session);
  void count(MessageKind kind);
  void count_stats();
  void update_status(const Session& session);
  void set_status(upload::AgentStatus::LinkState state, std::string reason);

  Transport& transport_;
  RecordSink& sink_;
  TimeSource& time_;
  LinkProbe probe_;
  std::mt19937_64 random_;
  ReconnectPolicy reconnect_;
  mesh::FrameDecoder decoder_;
  mesh::FrameStats counted_;  // what the metrics already show of decoder_.stats()
  std::uint64_t rejected_ = 0;
  SteadyTime last_bytes_{};
  std::uint64_t handshakes_counted_ = 0;
  LinkStatus status_;
  std::optional<WallTime> last_packet_;
  std::function<void()> on_change_;
  LinkGuest* guest_ = nullptr;
  bool guest_is_live_ = false;
  log::Throttle lines_;  // what the radio says and how the link stands
  log::Throttle text_;
};

}  // namespace mmm::agent
