#pragma once

#include "core/store/chunk.h"
#include "core/store/log_id.h"

#include <atomic>
#include <chrono>
#include <vector>

namespace mmm::ingest {

// The last record that may be in the index now, when each comes `delay` after it came to the log.
store::LogId shown_until(std::chrono::microseconds delay);

// Keeps records out of the index until they are as old as the delay. One thread; holds() from any.
class DelayGate {
 public:
  explicit DelayGate(std::chrono::microseconds delay) : delay_(delay) {}

  // Takes out what is too young.
  void pass(std::vector<store::StoredChunk>& chunks);

  // Nothing but what is too young was there at the last pass().
  [[nodiscard]] bool holds() const { return holds_; }
  // While it holds: how long until something passes. The log is read at most once a second for it, rather than for each
  // upload.
  [[nodiscard]] std::chrono::microseconds pause() const { return pause_; }
  [[nodiscard]] std::chrono::microseconds delay() const { return delay_; }

 private:
  const std::chrono::microseconds delay_;
  std::atomic<bool> holds_{false};
  std::chrono::microseconds pause_{0};
};

}  // namespace mmm::ingest
