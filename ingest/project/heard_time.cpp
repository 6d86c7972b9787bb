#include "ingest/project/heard_time.h"

#include <cstdlib>

namespace mmm::ingest {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kSkewTolerated = 60 * kSecond;
// 2017-01-01: before there was such a mesh, so a clock that says less was never set.
constexpr std::int64_t kEarliest = 1'483'228'800 * kSecond;
// 2200-01-01: keeps the arithmetic below from overflowing, whatever an upload claims.
constexpr std::int64_t kLatest = 7'258'118'400 * kSecond;

bool usable(std::int64_t time_us) {
  return time_us > 0 && time_us < kLatest;
}

}  // namespace

std::int64_t heard_time_us(std::int64_t arrival_us, std::int64_t sent_us, store::LogId chunk, store::LogId id) {
  const auto latest = static_cast<std::int64_t>(id);
  if (!usable(arrival_us)) return latest;
  std::int64_t heard = arrival_us;
  if (usable(sent_us)) {
    const std::int64_t behind = static_cast<std::int64_t>(chunk) - sent_us;
    if (std::abs(behind) > kSkewTolerated) heard += behind;
  }
  if (heard < kEarliest || heard > latest) return latest;
  return heard;
}

}  // namespace mmm::ingest
