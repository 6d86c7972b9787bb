#pragma once

#include "core/store/index/rows.h"
#include "metrics/registry.h"

#include <array>
#include <cstdint>
#include <span>

namespace mmm::ingest {

// What the projection counts for Prometheus.
struct ProjectionProbe {
  explicit ProjectionProbe(metrics::Registry& registry);

  // Adds what one transaction counted, by index::Counter.
  void add(std::span<const std::int64_t, index::kCounters> counts);

  prometheus::Counter& records;
  prometheus::Counter& packets;
  prometheus::Counter& retries;
  prometheus::Counter& rebuilds;
  prometheus::Gauge& lag_records;
  prometheus::Gauge& lag_seconds;
  prometheus::Gauge& index_bytes;
  prometheus::Gauge& rebuild_share;
  prometheus::Counter& trimmed_rows;

 private:
  struct Counted {
    index::Counter counter;
    prometheus::Counter* metric;
  };
  std::vector<Counted> receptions_;
  std::array<prometheus::Counter*, index::kDecodeErrors> errors_{};
};

}  // namespace mmm::ingest
