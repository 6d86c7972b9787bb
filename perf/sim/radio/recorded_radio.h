#pragma once

#include "core/base/result.h"
#include "perf/sim/radio/line_protocol.h"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::sim {

// Plays a recording of what a radio sent: at want_config everything up to its first config_complete_id, which gets the
// client's nonce, then the rest, once: a client that asks again gets the configuration again. Heartbeats are answered.
class RecordedRadio final : public LineProtocol {
 public:
  // `stream` holds frames as they came; bytes between them are left out. kMalformed without a config_complete_id.
  static Result<RecordedRadio> parse(std::string_view stream);

  // With `step`, each message after the configuration waits for a call of release().
  void set_step(bool step) { step_ = step; }
  void release();

  void client_attached(SteadyTime now) override;
  void client_gone() override;
  void receive(std::string_view to_radio, SteadyTime now) override;
  std::optional<OutMessage> next_message() override;
  [[nodiscard]] bool close_wanted(SteadyTime now) const override;
  void reboot() override { client_gone(); }
  [[nodiscard]] bool session_ready() const override { return playing_ && at_ >= config_frames_; }
  [[nodiscard]] bool drained() const override { return !playing_ || at_ == frames_.size(); }
  [[nodiscard]] bool speaks_protobuf() const override { return true; }
  [[nodiscard]] std::uint32_t own_num() const override { return own_num_; }

 private:
  std::vector<std::string> frames_;
  std::size_t config_frames_ = 0;  // up to and with config_complete_id
  std::uint32_t own_num_ = 0;
  bool step_ = false;
  bool playing_ = false;
  bool close_wanted_ = false;
  std::size_t at_ = 0;
  std::size_t released_ = 0;    // frames after the configuration that may go
  std::size_t played_ = 0;      // frames after the configuration that went, in all sessions
  std::size_t skip_ = 0;        // of those, in sessions before this one
  std::size_t heartbeats_ = 0;  // not yet answered
  std::uint32_t nonce_ = 0;
};

}  // namespace mmm::sim
