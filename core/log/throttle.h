#pragma once

#include "core/base/time.h"
#include "core/log/log.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace mmm::log {

// Keeps one place of the program from flooding the log: at most one line an interval on average, `burst` at once after
// a silence, and the next one says how many were left out. One object a place (or a place and a peer); belongs to one
// thread. Time comes from the caller's TimeSource.
class Throttle {
 public:
  explicit Throttle(std::chrono::steady_clock::duration interval, unsigned burst = 1)
      : interval_(interval), ahead_max_(interval * (burst - 1)) {}

  // Whether a line may be written now: then the number of those left out since the last one; otherwise empty, and this
  // one is counted.
  std::optional<std::uint64_t> admit(SteadyTime now);

  // Lets the next line through at once: what was wrong has ended, and its return is news.
  void reset() { next_.reset(); }

 private:
  std::chrono::steady_clock::duration interval_;
  std::chrono::steady_clock::duration ahead_max_;
  std::optional<SteadyTime> next_;  // when a line would be due if they came evenly; may be ahead by ahead_max_
  std::uint64_t left_out_ = 0;
};

// " (41 more like it were left out)", or nothing for 0.
std::string describe_left_out(std::uint64_t count);

template <class... Args>
void info(Throttle& throttle, SteadyTime now, std::string_view component, fmt::format_string<Args...> format,
          Args&&... args) {
  const auto left_out = throttle.admit(now);
  if (!left_out) return;
  info(component, "{}{}", fmt::format(format, std::forward<Args>(args)...), describe_left_out(*left_out));
}

template <class... Args>
void warning(Throttle& throttle, SteadyTime now, std::string_view component, fmt::format_string<Args...> format,
             Args&&... args) {
  const auto left_out = throttle.admit(now);
  if (!left_out) return;
  warning(component, "{}{}", fmt::format(format, std::forward<Args>(args)...), describe_left_out(*left_out));
}

}  // namespace mmm::log
