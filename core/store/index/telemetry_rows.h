#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace mmm::index {

// One number over a time.
struct Summary {
  std::uint64_t count = 0;
  double minimum = 0;
  double maximum = 0;
  double sum = 0;

  // Rounded to a float, which is what is stored of a single value.
  void add(double number);
};

// Steps of the rollups that are kept for ever, in microseconds.
inline constexpr std::int64_t kFiveMinutesUs = 300'000'000;
inline constexpr std::int64_t kHourUs = 3'600'000'000;

struct RollupKey {
  std::uint32_t node = 0;
  std::uint32_t kind = 0;  // as TelemetryRow::kind
  std::int64_t step_us = kHourUs;
  std::int64_t start_us = 0;
  auto operator<=>(const RollupKey&) const = default;
};

// What a node told of one kind from `start_us` for `step_us`, by field number of the kind's message.
struct RollupRow {
  RollupKey key;
  std::map<std::uint32_t, Summary> fields{};
};

// As the index stores the fields: for each, by number, varints of number and count, then the value as float when there
// is one, else minimum and maximum as floats and the sum as double, little-endian.
std::string encode_summaries(const std::map<std::uint32_t, Summary>& fields);
// What cannot be read, which only a damaged file has, ends it.
std::map<std::uint32_t, Summary> decode_summaries(std::string_view bytes);

}  // namespace mmm::index
