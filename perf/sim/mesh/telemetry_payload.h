#pragma once

#include "core/mesh/telemetry.pb.h"
#include "perf/sim/mesh/node.h"
#include "perf/sim/mesh/random.h"

#include <cstdint>

namespace mmm::sim {

// Brings the battery to `now_us`: it drains, and charges by day where there is a panel.
void update_battery(Battery& battery, std::int64_t now_us);

// One telemetry message of a node, each kind as firmware fills it. Times are of the world's clock, µs since the epoch.
mesh::Telemetry device_telemetry(Node& node, std::int64_t now_us, Random& random);
mesh::Telemetry environment_telemetry(const Node& node, std::int64_t now_us, Random& random);
mesh::Telemetry air_quality_telemetry(std::int64_t now_us, Random& random);
mesh::Telemetry power_telemetry(std::int64_t now_us, Random& random);
mesh::Telemetry health_telemetry(std::int64_t now_us, Random& random);
mesh::Telemetry host_telemetry(const Node& node, std::int64_t now_us, Random& random);
mesh::Telemetry traffic_management_telemetry(std::int64_t now_us, Random& random);

// What a node counts about its own radio.
struct LocalCounts {
  std::uint32_t sent = 0;
  std::uint32_t received = 0;
  std::uint32_t relayed = 0;
  std::uint32_t online_nodes = 0;
  std::uint32_t total_nodes = 0;
};
mesh::Telemetry local_stats_telemetry(const Node& node, const LocalCounts& counts, std::int64_t now_us, Random& random);

inline std::uint32_t epoch_seconds(std::int64_t micros) {
  return static_cast<std::uint32_t>(micros / 1'000'000);
}

}  // namespace mmm::sim
