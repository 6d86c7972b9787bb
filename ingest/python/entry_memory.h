#pragma once

#include "core/base/limits.h"
#include "core/upload/upload.pb.h"
#include "ingest/python/body.h"
#include "metrics/registry.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mmm::store {
class PacketLog;
}

namespace mmm::ingest::python {

// What agents of the Python version sent of late, as hashes, so that what they send again is known. A packet or route
// is a repetition when the same bytes came before; a node's entry and a registration when they are those that came
// last.
//
// Thread-safe. Bounds: limits::kPythonEntriesRemembered, limits::kPythonMemory, of which at least half is kept.
class EntryMemory {
 public:
  static constexpr std::int64_t kMemoryUs = std::chrono::microseconds(limits::kPythonMemory).count();

  // `entries_max`: for tests.
  explicit EntryMemory(metrics::Registry& registry, std::size_t entries_max);

  // What learn() needs of an entry.
  struct Mark {
    std::array<std::uint64_t, 2> key{};
    std::uint64_t content = 0;
    friend bool operator==(const Mark&, const Mark&) = default;
  };

  // The entries that are new, and what to learn once they are durable. A repetition within `entries` counts too.
  struct Selection {
    std::vector<Entry> entries;
    std::vector<Mark> marks;
  };
  Selection select(std::string_view agent_id, std::span<const Entry> entries, std::int64_t now_us);
  void learn(std::span<const Mark> marks, std::int64_t now_us);

  // Learns what the newest part of the log has, as it was when its records were written. Blocks until it is done or
  // `stopping`.
  Result<> recall(const store::PacketLog& log, const std::atomic<bool>& stopping);

 private:
  struct KeyHash {
    std::size_t operator()(const std::array<std::uint64_t, 2>& key) const { return key[0]; }
  };
  using Generation = std::unordered_map<std::array<std::uint64_t, 2>, std::uint64_t, KeyHash>;

  [[nodiscard]] Mark mark_of(std::string_view agent_id, upload::RecordKind kind, std::string_view json) const;
  bool knows(const Mark& mark, std::int64_t now_us);
  void put(const Mark& mark, std::int64_t now_us);
  Result<bool> recall_from(const store::PacketLog& log, std::uint64_t from, const std::atomic<bool>& stopping);
  void forget();

  const std::size_t generation_max_;
  const std::uint64_t seed_;  // nobody outside can make two entries look the same
  prometheus::Gauge& remembered_;
  std::mutex mutex_;
  // The newer one fills up; then the older is forgotten and they change places. What is asked for again stays.
  Generation newer_;
  Generation older_;
  std::int64_t newer_since_us_ = 0;
};

}  // namespace mmm::ingest::python
