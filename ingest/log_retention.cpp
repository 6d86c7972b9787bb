#include "ingest/log_retention.h"

#include "core/base/limits.h"
#include "core/log/log.h"
#include "metrics/catalog_server.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace mmm::ingest {
namespace {

constexpr const char* kComponent = "ingest/retention";
constexpr std::int64_t kStretchUs = std::chrono::microseconds(std::chrono::hours(6)).count();

}  // namespace

LogRetention::LogRetention(store::PacketLog& log, const TimeSource& time, std::int64_t keep_us, MayGo may_go,
                           metrics::Registry& registry)
    : log_(log),
      clock_(time, limits::kRetentionSettle),
      keep_us_(keep_us),
      may_go_(std::move(may_go)),
      trimmed_(registry.gauge(metrics::server::kLogTrimmed)) {}

Result<> LogRetention::trim() {
  auto trimmed = log_.trimmed();
  if (!trimmed) return fail(trimmed.error());
  trimmed_.Set(static_cast<double>(*trimmed) / 1e6);
  const auto now = clock_.now();
  if (!now) return {};
  auto first = log_.first_id();
  if (!first) return fail(first.error());
  const std::int64_t newest = std::min(to_micros(*now), static_cast<std::int64_t>(log_.last_durable()));
  const std::int64_t before = std::min(newest - keep_us_, static_cast<std::int64_t>(may_go_()));
  if (*first == 0 || before - static_cast<std::int64_t>(*first) < kStretchUs) return {};
  if (auto done = log_.trim(static_cast<store::LogId>(before)); !done) return done;
  trimmed_.Set(static_cast<double>(before) / 1e6);
  log::info(kComponent, "the packet log has nothing from before {} any more ([retention] log)",
            to_iso8601(from_micros(before)));
  return {};
}

boost::asio::awaitable<void> LogRetention::keep_trimming(TimeSource& time) {
  while (true) {
    if (auto done = trim(); !done) {
      log::error(kComponent, "what is too old stays in the packet log until the next try: {}", done.error().message);
    }
    co_await time.sleep_for(limits::kRetentionInterval);
  }
}

}  // namespace mmm::ingest
