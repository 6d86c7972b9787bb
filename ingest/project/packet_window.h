#pragma once

#include "core/store/log_id.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace mmm::ingest {

// The newest packets by sender and packet id: where a reception looks for its packet.
//
// It holds what the index's newest rows say and nothing else, so it can be filled again from them after a restart. Old
// entries leave by age (expire) and, beyond `capacity`, oldest first. About 30 bytes a packet; grows with use.
// One thread.
class PacketWindow {
 public:
  struct Entry {
    store::LogId id = 0;
    std::uint32_t port = 0;   // only when decoded
    std::uint32_t flags = 0;  // index::Flag bits of the packet
    bool decoded = false;
  };

  explicit PacketWindow(std::size_t capacity);

  static std::uint64_t key(std::uint32_t from, std::uint32_t packet_id) {
    return std::uint64_t{from} << 32U | packet_id;
  }

  // Ids rise from call to call; a key that is already there must be expired first.
  void insert(std::uint64_t key, const Entry& entry);
  // Drops entries with ids below `oldest`.
  void expire(store::LogId oldest);
  // Valid until the next insert() or expire(). Changes of port, flags and decoded are kept.
  Entry* find(std::uint64_t key);

  [[nodiscard]] std::size_t size() const { return count_; }
  void clear();

 private:
  struct Item {
    std::uint64_t key = 0;
    Entry entry;
  };
  [[nodiscard]] std::size_t home(std::uint64_t key) const;
  [[nodiscard]] std::size_t table_place(std::uint64_t key) const;
  void drop_oldest();
  void erase_from_table(std::uint64_t key);
  void grow();

  std::size_t capacity_;
  std::vector<Item> ring_;  // a power of two of items, oldest at first_
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::vector<std::uint32_t> table_;  // open addressing with linear probing: place in ring_ + 1, 0 free
};

}  // namespace mmm::ingest
