#pragma once

#include "agent/buffer/record.h"
#include "agent/radio/transport.h"
#include "core/base/time.h"
#include "core/mesh/radio_profile.h"
#include "core/mesh/secrets.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::agent {

// The times of a session with a radio.
struct SessionTimes {
  // Between the wake bytes and the first message: a sleeping board needs it, an awake one does not mind.
  std::chrono::milliseconds wake_pause{100};
  // A dump that does not end although messages come is asked for anew: its last message may have been damaged. The
  // longest dump, of thousands of nodes over a slow line, takes less, and a radio drops a silent client after 15
  // minutes.
  std::chrono::milliseconds handshake_max{10 * 60'000};
  // Without a single message for so long the radio is given up, and the link opened anew.
  std::chrono::milliseconds handshake_silence{60'000};
  // Radios drop a client that says nothing for 15 minutes.
  std::chrono::milliseconds heartbeat{60'000};
  std::chrono::milliseconds heartbeat_answer{15'000};
  // A radio that restarted unseen answers heartbeats but delivers nothing until it is asked again.
  std::chrono::milliseconds refresh_after_silence{15 * 60'000};
  // Text on the line means a restart; noise that looks like it causes no more handshakes than this allows.
  std::chrono::milliseconds rehandshake_pause{10'000};
};

// What a message from the radio was, for the metrics.
enum class MessageKind : std::uint8_t { kNotAMessage, kPacket, kNodeInfo, kOwnInfo, kMetadata, kWithheld };

// One session with a radio, from the connection to its end: handshake, heartbeat, restart detection, and the choice of
// what may be recorded. Pure: bytes and times in, bytes and records out; the owner does the waiting, reading and
// writing.
//
// Usage: connected(), then frame()/text()/tick() as things happen, each followed by take(); tick() at deadline().
class Session {
 public:
  enum class Phase : std::uint8_t {
    kWaking,       // wake bytes sent
    kHandshake,    // configuration asked for, no my_info yet
    kConfiguring,  // my_info has come, the dump goes on
    kLive,
  };

  // What the last inputs caused, in order.
  struct Output {
    std::string bytes;  // to write to the radio
    std::vector<Record> records;
    std::vector<std::string> notices;  // worth a line in the log
    bool changed = false;              // phase, lock or profile
    std::optional<std::string> end;    // close the connection; why, in words
  };

  // `random` gives the nonces.
  Session(const LineTraits& line, std::function<std::uint32_t()> random, SessionTimes times = {});

  void connected(SteadyTime now);
  // One frame's payload. kNotAMessage: the frame was a false header (tell the decoder so).
  MessageKind frame(std::string_view payload, WallTime arrival, SteadyTime now);
  // A line of text came outside of frames.
  void text(SteadyTime now);
  void tick(SteadyTime now);

  // Sends a packet of our own, once live, and records it: the radio does not repeat to us what we send. Packets to the
  // radio itself never reach the air and are not recorded.
  void send_packet(const mesh::MeshPacket& packet, WallTime wall);

  // When to call tick() at the latest.
  [[nodiscard]] SteadyTime deadline() const;
  [[nodiscard]] Output take();

  [[nodiscard]] Phase phase() const { return phase_; }
  // Set while the radio hides its data from clients that have not unlocked it: in words.
  [[nodiscard]] const std::optional<std::string>& locked() const { return locked_; }
  [[nodiscard]] const mesh::RadioProfile& profile() const { return profile_; }
  // The message of the last frame() that was one.
  [[nodiscard]] const mesh::FromRadio& last_message() const { return message_; }
  [[nodiscard]] std::uint64_t handshakes() const { return handshakes_; }

 private:
  void start_handshake(SteadyTime now);
  void go_live(SteadyTime now);
  void send_heartbeat(SteadyTime now);
  void heartbeat_missed(SteadyTime now);
  void restarted(std::string_view sign, SteadyTime now);
  void control_message(const mesh::FromRadio& message, SteadyTime now);
  void lockdown(const mesh::LockdownStatus& status);
  MessageKind record(const mesh::FromRadio& message, std::string_view payload, WallTime arrival);
  void send(const mesh::ToRadio& message);
  void end(std::string reason);

  const LineTraits line_;
  const std::function<std::uint32_t()> random_;
  const SessionTimes times_;

  Phase phase_ = Phase::kWaking;
  std::uint32_t nonce_ = 0;
  std::uint32_t heartbeats_ = 0;
  std::uint64_t handshakes_ = 0;
  SteadyTime asked_at_{};      // when the configuration was last asked for
  SteadyTime handshake_at_{};  // the same, or a later message of the radio before the dump's end
  SteadyTime wake_until_{};
  SteadyTime give_up_at_{};
  SteadyTime next_heartbeat_{};
  SteadyTime refresh_at_{};
  std::optional<SteadyTime> answer_until_;  // a heartbeat is on its way
  bool heartbeat_ever_answered_ = false;    // old firmware does not answer them
  std::optional<std::string> locked_;
  mesh::RadioProfile profile_;
  mesh::FromRadio message_;  // used again for each frame, to save its allocations
  Output output_;
};

}  // namespace mmm::agent
