#include "ingest/project/hour_book.h"

#include "core/base/limits.h"

#include <utility>

namespace mmm::ingest {
namespace {

constexpr std::int64_t kHourUs = 3'600'000'000;

}  // namespace

std::int64_t hour_of(std::int64_t time_us) {
  return time_us - time_us % kHourUs;
}

std::size_t HourBook::Hash::operator()(const Key& key) const {
  // Hours differ by multiples of kHourUs: their low bits alone would not spread.
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;
  const std::uint64_t hours = static_cast<std::uint64_t>(key.start_us / kHourUs);
  return static_cast<std::size_t>((std::uint64_t{key.node} << 32U ^ hours) * kOdd >> 16U);
}

Result<index::NodeHourRow*> HourBook::change(std::uint32_t node, std::int64_t time_us) {
  const Key key{.node = node, .start_us = hour_of(time_us)};
  auto place = hours_.find(key);
  if (place == hours_.end()) {
    auto row = writer_.node_hour(key.node, key.start_us);
    if (!row) return fail(row.error());
    place = hours_.emplace(key, Entry{.row = *row}).first;
  }
  Entry& entry = place->second;
  if (!std::exchange(entry.changed, true)) changed_.push_back(key);
  return &entry.row;
}

Result<> HourBook::write() {
  for (const Key& key : changed_) {
    if (auto put = writer_.put_node_hour(hours_.at(key).row); !put) return put;
  }
  return {};
}

void HourBook::committed() {
  if (hours_.size() > limits::kProjectionNodesMax) {
    hours_.clear();
  } else {
    for (const Key& key : changed_) hours_.at(key).changed = false;
  }
  changed_.clear();
}

}  // namespace mmm::ingest
