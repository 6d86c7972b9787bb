#include "ingest/project/packet_window.h"

#include "core/base/check.h"

#include <bit>

namespace mmm::ingest {
namespace {

constexpr std::size_t kSmallest = 1024;

// splitmix64's finalizer: packet ids and node numbers are chosen by strangers and need not be random.
std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31U);
}

}  // namespace

PacketWindow::PacketWindow(std::size_t capacity) : capacity_(std::bit_ceil(capacity)) {
  ring_.resize(std::min(kSmallest, capacity_));
  table_.resize(ring_.size() * 2);
}

void PacketWindow::insert(std::uint64_t key, const Entry& entry) {
  if (count_ == ring_.size()) {
    if (ring_.size() < capacity_) {
      grow();
    } else {
      drop_oldest();
    }
  }
  const std::size_t place = (first_ + count_) & (ring_.size() - 1);
  ring_[place] = Item{.key = key, .entry = entry};
  ++count_;
  const std::size_t slot = table_place(key);
  MMM_CHECK(table_[slot] == 0);
  table_[slot] = static_cast<std::uint32_t>(place + 1);
}

void PacketWindow::expire(store::LogId oldest) {
  while (count_ > 0 && ring_[first_].entry.id < oldest) drop_oldest();
}

PacketWindow::Entry* PacketWindow::find(std::uint64_t key) {
  const std::uint32_t place = table_[table_place(key)];
  return place == 0 ? nullptr : &ring_[place - 1].entry;
}

void PacketWindow::clear() {
  first_ = 0;
  count_ = 0;
  std::ranges::fill(table_, 0);
}

std::size_t PacketWindow::home(std::uint64_t key) const {
  return mix(key) & (table_.size() - 1);
}

// Where the key stands, or the free slot where it would.
std::size_t PacketWindow::table_place(std::uint64_t key) const {
  std::size_t slot = home(key);
  while (table_[slot] != 0 && ring_[table_[slot] - 1].key != key) slot = (slot + 1) & (table_.size() - 1);
  return slot;
}

void PacketWindow::drop_oldest() {
  erase_from_table(ring_[first_].key);
  first_ = (first_ + 1) & (ring_.size() - 1);
  --count_;
}

// Closes the gap by moving back what a probe would otherwise no longer reach.
void PacketWindow::erase_from_table(std::uint64_t key) {
  const std::size_t mask = table_.size() - 1;
  std::size_t gap = table_place(key);
  MMM_CHECK(table_[gap] != 0);
  for (std::size_t slot = (gap + 1) & mask; table_[slot] != 0; slot = (slot + 1) & mask) {
    const std::size_t wanted = home(ring_[table_[slot] - 1].key);
    if (((slot - wanted) & mask) >= ((slot - gap) & mask)) {
      table_[gap] = table_[slot];
      gap = slot;
    }
  }
  table_[gap] = 0;
}

void PacketWindow::grow() {
  std::vector<Item> bigger(ring_.size() * 2);
  for (std::size_t i = 0; i < count_; ++i) bigger[i] = ring_[(first_ + i) & (ring_.size() - 1)];
  ring_ = std::move(bigger);
  first_ = 0;
  table_.assign(ring_.size() * 2, 0);
  for (std::size_t i = 0; i < count_; ++i) table_[table_place(ring_[i].key)] = static_cast<std::uint32_t>(i + 1);
}

}  // namespace mmm::ingest
