#pragma once

#include "core/base/time.h"
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

  // What comes now goes into the next transaction.
  void begin() { began_ = steady_now(); }
  // Adds what one transaction counted, by index::Counter, and how long it took. The next one begins.
  void committed(std::span<const std::int64_t, index::kCounters> counts, const MeshPackets& mesh_packets);

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
  void add(std::span<const std::int64_t, index::kCounters> counts);
  prometheus::Counter& mesh_counter(const MeshPackets::key_type& key);

  struct Counted {
    index::Counter counter;
    prometheus::Counter* metric;
  };
  prometheus::Histogram& seconds_;
  SteadyTime began_{};
  std::vector<Counted> receptions_;
  std::array<prometheus::Counter*, index::kDecodeErrors> errors_{};
  metrics::Registry& registry_;
  std::map<MeshPackets::key_type, prometheus::Counter*> mesh_packets_;
};

}  // namespace mmm::ingest
