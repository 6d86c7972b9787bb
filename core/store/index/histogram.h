#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mmm::index {

// How often each whole number occurred: what percentiles are read from. Small, since the values of one link in one hour
// lie together.
class Histogram {
 public:
  void add(std::int32_t value, std::uint64_t times = 1);
  void merge(const Histogram& other);

  [[nodiscard]] std::uint64_t count() const;
  // The smallest value that is not below `share` of all; empty without values. 0.5 is the median.
  [[nodiscard]] std::optional<std::int32_t> percentile(double share) const;

  // As the index stores it: for each value, rising, the difference from the one before as zigzag varint, and its count.
  [[nodiscard]] std::string encode() const;
  // What cannot be read, which only a damaged file has, ends it.
  static Histogram decode(std::string_view bytes);

 private:
  std::vector<std::pair<std::int32_t, std::uint64_t>> bins_;  // rising
};

}  // namespace mmm::index
