#include "ingest/project/metrics_probe.h"

#include "core/base/encoding.h"
#include "core/mesh/names.h"
#include "metrics/catalog_server.h"

namespace mmm::ingest {
namespace server = metrics::server;

namespace {

// Names of channels are anybody's; what a Prometheus has to keep is not.
constexpr std::size_t kMeshSeriesMax = 500;

std::string port_label(std::int64_t port) {
  if (port == index::kPortNotDecoded) return "NOT_DECODED";
  if (port == index::kPortOther) return "OTHER";
  return mesh::port_name(static_cast<std::uint32_t>(port));
}

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
      trimmed_rows(registry.counter(server::kIndexTrimmedRows)),
      seconds_(registry.histogram(server::kProjectionSeconds)),
      registry_(registry) {
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

void ProjectionProbe::committed(std::span<const std::int64_t, index::kCounters> counts,
                                const MeshPackets& mesh_packets) {
  add(counts);
  seconds_.Observe(std::chrono::duration<double>(steady_now() - began_).count());
  begin();
  for (const auto& [key, count] : mesh_packets) mesh_counter(key).Increment(static_cast<double>(count));
}

prometheus::Counter& ProjectionProbe::mesh_counter(const MeshPackets::key_type& key) {
  const auto known = mesh_packets_.find(key);
  if (known != mesh_packets_.end()) return *known->second;
  const auto& [port, channel, region] = key;
  const bool has_room = mesh_packets_.size() < kMeshSeriesMax;
  const std::string other = "other";
  auto& counter = registry_.counter(server::kMeshPackets,
                                    {{"port", has_room ? port_label(port) : other},
                                     {"channel", has_room ? sanitize_utf8(channel) : other},
                                     {"region", region && has_room ? mesh::region_name(static_cast<int>(*region))
                                                : has_room         ? "unknown"
                                                                   : other}});
  if (has_room) mesh_packets_.emplace(key, &counter);
  return counter;
}

}  // namespace mmm::ingest
