#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mmm::dashboard::query {

// A time as people and programs write it, in microseconds since the epoch.
struct Moment {
  std::int64_t time_us = 0;
  bool relative = false;  // depends on the clock
};

// Reads "90s", "15m", "2h", "3d", "1w" (before now); "2026-11-27", "2026-11-27T10:00", ISO 8601 with seconds and zone;
// or a number since the epoch, of seconds, milliseconds or microseconds by its size: below 10^11 it is seconds (up to
// the year 5138), below 10^14 milliseconds (from March 1973), above microseconds. Empty for anything else.
std::optional<Moment> parse_moment(std::string_view text, std::int64_t now_us);

// For messages.
inline constexpr const char* kMomentForms =
    "90s, 15m, 2h, 3d, 1w (before now), 2026-11-27, 2026-11-27T10:00, 2026-11-27T10:00:00Z, or a number since 1970 in "
    "seconds, milliseconds or microseconds";

}  // namespace mmm::dashboard::query
