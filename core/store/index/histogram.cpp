#include "core/store/index/histogram.h"

#include "core/base/varint.h"

#include <algorithm>
#include <cmath>

namespace mmm::index {

void Histogram::add(std::int32_t value, std::uint64_t times) {
  const auto place = std::ranges::lower_bound(bins_, value, {}, &std::pair<std::int32_t, std::uint64_t>::first);
  if (place != bins_.end() && place->first == value) {
    place->second += times;
  } else {
    bins_.insert(place, {value, times});
  }
}

void Histogram::merge(const Histogram& other) {
  for (const auto& [value, times] : other.bins_) add(value, times);
}

std::uint64_t Histogram::count() const {
  std::uint64_t sum = 0;
  for (const auto& [value, times] : bins_) sum += times;
  return sum;
}

std::optional<std::int32_t> Histogram::percentile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count())));
  std::uint64_t sum = 0;
  for (const auto& [value, times] : bins_) {
    sum += times;
    if (sum >= wanted) return value;
  }
  return std::nullopt;
}

std::string Histogram::encode() const {
  std::string bytes;
  std::int64_t before = 0;
  for (const auto& [value, times] : bins_) {
    append_varint(bytes, to_zigzag(value - before));
    append_varint(bytes, times);
    before = value;
  }
  return bytes;
}

Histogram Histogram::decode(std::string_view bytes) {
  Histogram histogram;
  std::int64_t value = 0;
  std::uint64_t step = 0;
  std::uint64_t times = 0;
  while (!bytes.empty() && take_varint(bytes, step) && take_varint(bytes, times)) {
    value += from_zigzag(step);
    histogram.add(static_cast<std::int32_t>(value), times);
  }
  return histogram;
}

}  // namespace mmm::index
