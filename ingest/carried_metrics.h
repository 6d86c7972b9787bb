#pragma once

#include "core/async/time_source.h"
#include "core/upload/upload.pb.h"
#include "metrics/families.h"

#include <prometheus/collectable.h>

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace mmm::ingest {

// What agents tell of themselves with their uploads, served as metrics of the server: for a Prometheus that cannot
// reach them. In memory only; an agent that has been silent for ten minutes is left out. Thread-safe.
//
// Bounds: `series_max` pairs of agent and radio; the others are not shown (fleet_metrics.h counts them).
class CarriedMetrics final : public prometheus::Collectable {
 public:
  // `time` must outlive it.
  CarriedMetrics(const TimeSource& time, std::size_t series_max) : time_(time), series_max_(series_max) {}

  // Keeps the header's figures, when it has some.
  void take(const upload::UploadHeader& header);

  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  struct Told {
    upload::AgentFigures figures;
    SteadyTime when;
  };
  using Key = std::pair<std::string, std::string>;  // agent and radio
  void forget_the_silent() const;

  const TimeSource& time_;
  const std::size_t series_max_;
  mutable std::mutex mutex_;
  mutable std::map<Key, Told> told_;
};

}  // namespace mmm::ingest
