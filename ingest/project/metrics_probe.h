#pragma once

#include "core/store/index/rows.h"
#include "ingest/project/pending.h"
#include "metrics/registry.h"

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace mmm::ingest {

// What the projection counts for Prometheus.
struct ProjectionProbe {
  explicit ProjectionProbe(metrics::Registry& registry);

  // Adds what one transaction counted, by index::Counter.
  void add(std::span<const std::int64_t, index::kCounters> counts);
  void add(const MeshPackets& packets);

  prometheus::Counter& records;
  prometheus::Counter& packets;
  prometheus::Counter& retries;
  prometheus::Counter& rebuilds;
  prometheus::Gauge& lag_records;
  prometheus::Gauge& lag_seconds;
  prometheus::Gauge& index_bytes;
  prometheus::Gauge& rebuild_share;
  prometheus::Counter& trimmed_rows;
  prometheus::Histogram& seconds;  // of a transaction

 private:
  prometheus::Counter& mesh_counter(const MeshPackets::key_type& key);

  struct Counted {
    index::Counter counter;
    prometheus::Counter* metric;
  };
  std::vector<Counted> receptions_;
  std::array<prometheus::Counter*, index::kDecodeErrors> errors_{};
  metrics::Registry& registry_;
  std::map<MeshPackets::key_type, prometheus::Counter*> mesh_packets_;
};

}  // namespace mmm::ingest
