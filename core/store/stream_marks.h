#pragma once

#include "core/base/result.h"
#include "core/store/packet_log.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace mmm::store {

// The high-water marks of the streams that upload now, in memory: what the next group must not store again. Read from
// the log when first needed. The writer's thread only.
class StreamMarks {
 public:
  StreamMarks(const PacketLog& log, std::size_t cached_max) : log_(log), cached_max_(cached_max) {}

  // 0 when nothing of the stream was ever stored.
  Result<std::uint64_t> get(const std::string& key) {
    const auto found = cached_.find(key);
    if (found != cached_.end()) return found->second;
    auto stored = log_.mark(key);
    if (stored) set(key, *stored);
    return stored;
  }

  void set(const std::string& key, std::uint64_t seq) {
    // Emptying it whole is rare and costs one read for each stream that is still active.
    if (cached_.size() >= cached_max_ && !cached_.contains(key)) cached_.clear();
    cached_[key] = seq;
  }

  // After a write that failed: what is in memory may be ahead of the log.
  void forget() { cached_.clear(); }

 private:
  const PacketLog& log_;
  std::size_t cached_max_;
  std::unordered_map<std::string, std::uint64_t> cached_;
};

}  // namespace mmm::store
