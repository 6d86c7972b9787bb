#pragma once

#include "core/store/log_id.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace mmm::store {

// One reception over and above a packet's first, just applied.
struct AppliedReception {
  LogId packet = 0;
  LogId id = 0;
};

// What one transaction of the projection changed, by key: the rows are in the index when the batch is published.
struct AppliedBatch {
  LogId last = 0;                            // everything up to here is in the index
  std::vector<LogId> packets;                // new ones, rising
  std::vector<AppliedReception> receptions;  // rising by id
  std::vector<std::uint32_t> nodes;          // changed
  std::vector<std::int64_t> agents;          // changed, by number
  bool restart = false;                      // nothing is named, and everything may have changed
  std::uint64_t skipped = 0;                 // packets and receptions that are not named, beyond the bound

  // The oldest record that is named; the last one when none is.
  [[nodiscard]] LogId oldest() const {
    return std::min(
        {packets.empty() ? last : packets.front(), receptions.empty() ? last : receptions.front().id, last});
  }
};

// Hands what the projection has applied from its thread to one subscriber's. Bounded: when the subscriber is slow the
// oldest batches go, and what they named is counted as skipped in the next.
//
// Thread-safe.
class AppliedFeed {
 public:
  // False while nobody listens: the projection then need not collect.
  [[nodiscard]] bool watched() const { return watched_.load(std::memory_order_relaxed); }
  void watch(bool on);

  void publish(AppliedBatch batch);
  // The next batch; empty after `timeout` or when interrupted.
  std::optional<AppliedBatch> wait(std::chrono::milliseconds timeout);
  // Ends a wait() now, and every later one at once.
  void interrupt();

 private:
  std::atomic<bool> watched_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<AppliedBatch> batches_;
  std::uint64_t skipped_ = 0;
  bool interrupted_ = false;
};

}  // namespace mmm::store
