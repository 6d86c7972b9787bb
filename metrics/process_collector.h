#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <optional>
#include <vector>

namespace mmm::metrics {

// What the system knows about this process, read from /proc at each scrape: memory, CPU time, threads, open files,
// start. A figure that cannot be read is left out. Thread-safe.
class ProcessCollector final : public prometheus::Collectable {
 public:
  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;
};

struct ProcessUsage {
  double cpu_seconds = 0;  // user and system
  double resident_bytes = 0;
};
// Of this process; empty when /proc cannot be read.
std::optional<ProcessUsage> process_usage();

}  // namespace mmm::metrics
