#include "dashboard/query/moment.h"

#include "core/base/time.h"

#include <charconv>
#include <string>

namespace mmm::dashboard::query {
namespace {

// Log ids and times are JavaScript's numbers too.
constexpr std::int64_t kTimeMaxUs = (1LL << 53U) - 1;
constexpr std::int64_t kMillisecondsMin = 100'000'000'000;
constexpr std::int64_t kMicrosecondsMin = 100'000'000'000'000;
constexpr std::size_t kLengthMax = 40;

std::int64_t microseconds_of(char unit) {
  constexpr std::int64_t kSecond = 1'000'000;
  switch (unit) {
    case 's':
      return kSecond;
    case 'm':
      return 60 * kSecond;
    case 'h':
      return 3600 * kSecond;
    case 'd':
      return 24 * 3600 * kSecond;
    case 'w':
      return 7 * 24 * 3600 * kSecond;
    default:
      return 0;
  }
}

std::optional<std::int64_t> parse_natural(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

std::optional<std::int64_t> since_epoch(std::int64_t number) {
  std::int64_t scale = 1;
  if (number < kMillisecondsMin) {
    scale = 1'000'000;
  } else if (number < kMicrosecondsMin) {
    scale = 1'000;
  }
  if (number > kTimeMaxUs / scale) return std::nullopt;
  return number * scale;
}

// A day, or a time without seconds, is completed.
std::optional<std::int64_t> parse_calendar(std::string_view text) {
  constexpr std::size_t kDay = 10;      // 2026-11-27
  constexpr std::size_t kMinutes = 16;  // 2026-11-27T10:00
  std::string whole(text);
  if (text.size() == kDay) whole += "T00:00:00";
  if (text.size() >= kMinutes && (text.size() == kMinutes || text[kMinutes] != ':')) whole.insert(kMinutes, ":00");
  const auto time = parse_iso8601(whole);
  if (!time) return std::nullopt;
  return to_micros(*time);
}

}  // namespace

std::optional<Moment> parse_moment(std::string_view text, std::int64_t now_us) {
  if (text.empty() || text.size() > kLengthMax) return std::nullopt;
  if (const auto number = parse_natural(text)) {
    const auto time = since_epoch(*number);
    return time ? std::optional(Moment{.time_us = *time}) : std::nullopt;
  }
  if (const std::int64_t unit = microseconds_of(text.back()); unit > 0) {
    const auto count = parse_natural(text.substr(0, text.size() - 1));
    if (!count || *count > kTimeMaxUs / unit) return std::nullopt;
    return Moment{.time_us = std::max<std::int64_t>(now_us - *count * unit, 0), .relative = true};
  }
  const auto time = parse_calendar(text);
  return time ? std::optional(Moment{.time_us = *time}) : std::nullopt;
}

}  // namespace mmm::dashboard::query
