#pragma once

#include "core/async/time_source.h"
#include "core/log/throttle.h"
#include "core/store/index/index_reader.h"
#include "dashboard/dashboard.h"

#include <prometheus/collectable.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

namespace mmm::metrics {
class Families;
}

namespace mmm::dashboard {

// Agents and nodes as metrics, read from the index at each scrape: who is online, what waits, what was lost, batteries.
// Beyond the limits those that uploaded or were heard longest ago have no series, and are counted.
//
// Thread-safe; it blocks its caller, the metrics endpoint's thread, for some milliseconds, and for at most two seconds.
class FleetMetrics final : public prometheus::Collectable {
 public:
  // `time` must outlive it. The index need not exist yet.
  FleetMetrics(std::filesystem::path index_path, const TimeSource& time, FleetMetricsLimits limits);

  // Without an index (it is being made): nothing.
  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  Result<> collect(metrics::Families& families) const;
  Result<index::IndexReader*> reader() const;

  const std::filesystem::path index_path_;
  const TimeSource& time_;
  const FleetMetricsLimits limits_;
  mutable std::mutex mutex_;  // all below
  mutable std::unique_ptr<index::IndexReader> reader_;
  mutable log::Throttle failures_;
};

}  // namespace mmm::dashboard
