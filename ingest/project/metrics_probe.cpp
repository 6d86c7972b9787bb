#include "ingest/project/metrics_probe.h"

#include "metrics/catalog_server.h"

namespace mmm::ingest {
namespace server = metrics::server;

namespace {

// A packet that becomes readable later takes back its error: a Prometheus counter cannot.
void increase(prometheus::Counter& counter, std::int64_t by) {
  if (by > 0) counter.Increment(static_cast<double>(by));
}

}  // namespace

ProjectionProbe::ProjectionProbe(metrics::Registry& registry)
    : records(registry.counter(server::kProjectionRecords)),
      packets(registry.counter(server::kProjectionPackets)),
      retries(registry.counter(server::kProjectionRetries)),
      rebuilds(registry.counter(server::kProjectionRebuilds)),
      lag_records(registry.gauge(server::kProjectionLagRecords)),
      lag_seconds(registry.gauge(server::kProjectionLagSeconds)),
      index_bytes(registry.gauge(server::kIndexBytes)),
      rebuild_share(registry.gauge(server::kIndexRebuildShare)),
      trimmed_rows(registry.counter(server::kIndexTrimmedRows)) {
  using index::Counter;
  const std::pair<Counter, const char*> ways[] = {{Counter::kReceptions, "heard"}, {Counter::kReplayed, "replayed"},
                                                  {Counter::kMqtt, "mqtt"},        {Counter::kUdp, "udp"},
                                                  {Counter::kOwn, "own"},          {Counter::kSimulated, "simulated"},
                                                  {Counter::kHidden, "hidden"}};
  for (const auto& [counter, way] : ways) {
    receptions_.push_back({counter, &registry.counter(server::kProjectionReceptions, {{"way", way}})});
  }
  for (std::size_t i = 1; i < errors_.size(); ++i) {
    const char* reason = index::to_string(static_cast<index::DecodeError>(i));
    errors_[i] = &registry.counter(server::kProjectionDecodeErrors, {{"reason", reason}});
  }
}

void ProjectionProbe::add(std::span<const std::int64_t, index::kCounters> counts) {
  increase(records, counts[static_cast<std::size_t>(index::Counter::kRecords)]);
  increase(packets, counts[static_cast<std::size_t>(index::Counter::kPackets)]);
  for (const Counted& counted : receptions_)
    increase(*counted.metric, counts[static_cast<std::size_t>(counted.counter)]);
  for (std::size_t i = 1; i < errors_.size(); ++i) {
    increase(*errors_[i], counts[static_cast<std::size_t>(index::Counter::kErrorsFirst) + i]);
  }
}

}  // namespace mmm::ingest
