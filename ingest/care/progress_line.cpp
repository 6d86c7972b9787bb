#include "ingest/care/progress_line.h"

#include "core/base/time.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace mmm::ingest {
namespace {

constexpr std::int64_t kTerminalEveryUs = 200'000;
constexpr std::int64_t kLineEveryUs = 10'000'000;
// Before that the speed says nothing.
constexpr double kSpeedAfterSeconds = 1;

std::string time_left(double seconds) {
  if (seconds < 90) return fmt::format("{:.0f} s", seconds);
  if (seconds < 5400) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

ProgressLine::ProgressLine(std::string what, std::string unit)
    : what_(std::move(what)),
      unit_(std::move(unit)),
      terminal_(::isatty(STDERR_FILENO) == 1),
      begun_us_(to_micros(wall_now())) {}

void ProgressLine::show(double share, double count) {
  const std::int64_t now = to_micros(wall_now());
  if (first_share_ < 0) first_share_ = share;
  if (now - shown_us_ < (terminal_ ? kTerminalEveryUs : kLineEveryUs)) return;
  shown_us_ = now;
  const double seconds = std::max(0.0, static_cast<double>(now - begun_us_) / 1e6);
  std::string text = fmt::format("{}: {:3.0f} %, {:.0f} {}", what_, std::clamp(share, 0.0, 1.0) * 100, count, unit_);
  if (seconds > kSpeedAfterSeconds) text += fmt::format(", {:.0f} {}/s", count / seconds, unit_);
  const double done = share - first_share_;
  if (seconds > kSpeedAfterSeconds && done > 0 && share < 1) {
    text += fmt::format(", {} left", time_left(seconds * (1 - share) / done));
  }
  print(text);
}

void ProgressLine::print(const std::string& text) {
  fmt::print(stderr, "{}{}{}", terminal_ ? "\r\x1b[K" : "", text, terminal_ ? "" : "\n");
  std::fflush(stderr);
}

void ProgressLine::end(std::string_view outcome) {
  print(fmt::format("{}: {}", what_, outcome));
  if (terminal_) fmt::print(stderr, "\n");
}

}  // namespace mmm::ingest
