#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mmm {

// Wall clock time with the resolution that is stored and sent: microseconds since the Unix epoch, UTC.
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;
using SteadyTime = std::chrono::steady_clock::time_point;

// Microseconds since the epoch, and back.
constexpr std::int64_t to_micros(WallTime time) {
  return time.time_since_epoch().count();
}
constexpr WallTime from_micros(std::int64_t micros) {
  return WallTime{std::chrono::microseconds{micros}};
}

// The clocks now. Services take their time from a TimeSource (core/async/time_source.h) instead, so that tests
// can run on virtual time; this is for start-up, tools and how long something took.
WallTime wall_now();
SteadyTime steady_now();

// "2026-11-24T03:54:53.123456Z"; the fraction is left out when it is zero.
std::string to_iso8601(WallTime time);

// Reads "2026-11-24T03:54:53[.fraction][Z|±HH:MM]" (without zone: UTC; a space for the T is accepted). Empty for
// anything else, and for years outside 1970..9999.
std::optional<WallTime> parse_iso8601(std::string_view text);

}  // namespace mmm
