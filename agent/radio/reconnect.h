#pragma once

#include "core/async/backoff.h"
#include "core/base/time.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace mmm::agent {

// How a session ended.
struct SessionEnd {
  std::string reason;           // in words
  bool was_live = false;        // the handshake had been completed
  bool closed_by_peer = false;  // end of file or reset, not a silence or an error of ours
  bool is_network = false;
};

// When to try again, and what to tell the operator. Pure.
//
// A radio serves one TCP client: a second one takes the line from the first. Two programs on one radio would take it
// from each other for ever, so a line that is taken again and again is waited for longer and longer, and called by its
// name.
class ReconnectPolicy {
 public:
  explicit ReconnectPolicy(std::uint64_t seed);

  // Each returns how long to wait before the next attempt to open the line.
  std::chrono::milliseconds open_failed();
  std::chrono::milliseconds session_ended(const SessionEnd& end, SteadyTime now);

  void opened(SteadyTime now);
  void live(SteadyTime now);

  // True once the pattern of two programs on one radio has been seen, until the line has been quiet for a while.
  [[nodiscard]] bool kicked() const { return kicks_ > 0; }
  // The reason of an end, with what is known about kicking.
  [[nodiscard]] std::string explain(const SessionEnd& end) const;

 private:
  Backoff backoff_;
  unsigned kicks_ = 0;
  std::optional<SteadyTime> taken_at_;  // the last end that may have been another client
  bool opened_at_once_ = false;         // after it: a radio that restarts does not take connections so soon
  SteadyTime opening_since_{};
  std::optional<SteadyTime> live_since_;
};

}  // namespace mmm::agent
