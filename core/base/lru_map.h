#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mmm {

// The values of the keys that were used last, `max` at most. Not thread-safe.
template <class Value>
class LruMap {
 public:
  explicit LruMap(std::size_t max) : max_(max) {}

  // Null when it is not there. What is found counts as used.
  Value* find(std::string_view key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->second;
  }

  // Puts in a key that is not there. True: the one that was unused for longest had to go.
  bool insert(std::string_view key, Value value) {
    const bool full = entries_.size() >= max_;
    if (full) {
      index_.erase(entries_.back().first);
      entries_.pop_back();
    }
    entries_.emplace_front(std::string(key), std::move(value));
    index_.emplace(entries_.front().first, entries_.begin());
    return full;
  }

  void clear() {
    index_.clear();
    entries_.clear();
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  using Entries = std::list<std::pair<std::string, Value>>;

  const std::size_t max_;
  Entries entries_;  // the last used first
  std::unordered_map<std::string_view, typename Entries::iterator> index_;
};

}  // namespace mmm
