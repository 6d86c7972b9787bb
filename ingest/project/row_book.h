#pragma once

#include "core/base/limits.h"
#include "core/base/result.h"

#include <unordered_map>
#include <utility>
#include <vector>

namespace mmm::ingest {

// Rows of one table while records are folded: each is read once, changed in memory, and written once a transaction.
// Bounded by limits::kProjectionNodesMax rows between transactions. One thread.
template <class Key, class Row, class Hash>
class RowBook {
 public:
  // The row to be changed; `load(key)` gives it as a Result when it is not in memory. Valid until committed().
  template <class Load>
  Result<Row*> change(const Key& key, const Load& load) {
    auto place = rows_.find(key);
    if (place == rows_.end()) {
      auto row = load(key);
      if (!row) return fail(row.error());
      place = rows_.emplace(key, Entry{.row = std::move(*row), .changed = false}).first;
    }
    Entry& entry = place->second;
    if (!std::exchange(entry.changed, true)) changed_.push_back(key);
    return &entry.row;
  }

  // Writes what was changed in the open transaction.
  template <class Put>
  Result<> write(const Put& put) const {
    for (const Key& key : changed_) {
      if (auto written = put(rows_.at(key).row); !written) return written;
    }
    return {};
  }

  // After the commit: nothing is changed any more; forgets rows when there are too many.
  void committed() {
    if (rows_.size() > limits::kProjectionNodesMax) {
      rows_.clear();
    } else {
      for (const Key& key : changed_) rows_.at(key).changed = false;
    }
    changed_.clear();
  }

  [[nodiscard]] const std::vector<Key>& changed() const { return changed_; }

 private:
  struct Entry {
    Row row;
    bool changed = false;
  };
  std::unordered_map<Key, Entry, Hash> rows_;
  std::vector<Key> changed_;
};

// Spreads a key made of numbers over a hash table's places: the numbers are often multiples of something.
inline std::size_t spread(std::uint64_t first, std::uint64_t second) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;
  return static_cast<std::size_t>(((first * kOdd) ^ second) * kOdd >> 20U);
}

}  // namespace mmm::ingest
