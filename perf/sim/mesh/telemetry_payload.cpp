#include "perf/sim/mesh/telemetry_payload.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mmm::sim {
namespace {

constexpr double kMicrosPerHour = 3.6e9;
// Reported for "on external power".
constexpr std::uint32_t kPowered = 101;

// Sun at this hour of the day, 0..1; the world's clock is UTC and the centre near Greenwich.
double sun(std::int64_t now_us) {
  const double hour = std::fmod(static_cast<double>(now_us) / kMicrosPerHour, 24.0);
  return std::max(0.0, std::sin((hour - 6) / 12 * std::numbers::pi));
}

// A smooth daily course plus the node's own offset, so that series look like series.
double daily(std::int64_t now_us, double low, double high) {
  return low + (high - low) * sun(now_us);
}

float rounded(double value, double step) {
  return static_cast<float>(std::round(value / step) * step);
}

mesh::Telemetry at(std::int64_t now_us) {
  mesh::Telemetry telemetry;
  telemetry.set_time(epoch_seconds(now_us));
  return telemetry;
}

std::uint32_t uptime_seconds(const Node& node, std::int64_t now_us) {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(0, now_us - node.boot_us) / 1'000'000);
}

}  // namespace

void update_battery(Battery& battery, std::int64_t now_us) {
  const double hours = static_cast<double>(now_us - battery.updated_us) / kMicrosPerHour;
  battery.updated_us = now_us;
  if (battery.powered) return;
  battery.level += hours * (battery.solar_per_hour * sun(now_us) - battery.drain_per_hour);
  // An empty node is recharged by its owner.
  if (battery.level < 3 && battery.solar_per_hour == 0) battery.level = 100;
  battery.level = std::clamp(battery.level, 1.0, 100.0);
}

mesh::Telemetry device_telemetry(Node& node, std::int64_t now_us, Random& random) {
  update_battery(node.battery, now_us);
  mesh::Telemetry telemetry = at(now_us);
  auto& metrics = *telemetry.mutable_device_metrics();
  const double level = node.battery.level;
  metrics.set_battery_level(node.battery.powered ? kPowered : static_cast<std::uint32_t>(level));
  // A lithium cell between empty and full.
  metrics.set_voltage(node.battery.powered ? rounded(random.uniform(4.15, 4.3), 0.001)
                                           : rounded(3.3 + 0.88 * level / 100, 0.001));
  metrics.set_channel_utilization(static_cast<float>(random.uniform(1, 25)));
  metrics.set_air_util_tx(static_cast<float>(random.uniform(0.05, 4)));
  metrics.set_uptime_seconds(uptime_seconds(node, now_us));
  return telemetry;
}

mesh::Telemetry environment_telemetry(const Node& node, std::int64_t now_us, Random& random) {
  mesh::Telemetry telemetry = at(now_us);
  auto& metrics = *telemetry.mutable_environment_metrics();
  const double offset = static_cast<double>(node.num % 64) / 16 - 2;
  metrics.set_temperature(rounded(daily(now_us, 4, 19) + offset + random.normal() * 0.2, 0.01));
  metrics.set_relative_humidity(rounded(std::clamp(daily(now_us, 88, 45) + random.normal(), 0.0, 100.0), 0.01));
  metrics.set_barometric_pressure(rounded(1013 - node.altitude_m / 8.5 + offset + random.normal() * 0.3, 0.01));
  if (node.num % 3 == 0) {
    metrics.set_gas_resistance(rounded(random.uniform(50, 400), 0.01));
    metrics.set_iaq(random.between(20, 180));
  }
  if (node.num % 5 == 0) {
    metrics.set_wind_direction(random.below(360));
    metrics.set_wind_speed(rounded(random.exponential(3), 0.1));
    metrics.set_wind_gust(rounded(random.exponential(6), 0.1));
    metrics.set_rainfall_1h(random.chance(0.8) ? 0.0F : rounded(random.exponential(2), 0.1));
  }
  if (node.num % 4 == 0) metrics.set_lux(rounded(daily(now_us, 0.5, 40'000), 0.1));
  if (node.num % 7 == 0) metrics.set_soil_moisture(random.between(10, 60));
  return telemetry;
}

mesh::Telemetry air_quality_telemetry(std::int64_t now_us, Random& random) {
  mesh::Telemetry telemetry = at(now_us);
  auto& metrics = *telemetry.mutable_air_quality_metrics();
  const std::uint32_t fine = random.between(1, 30);
  metrics.set_pm10_standard(fine);
  metrics.set_pm25_standard(fine + random.below(10));
  metrics.set_pm100_standard(fine + random.below(25));
  metrics.set_pm25_environmental(fine + random.below(10));
  metrics.set_particles_03um(fine * 150 + random.below(400));
  metrics.set_co2(random.between(415, 1400));
  return telemetry;
}

mesh::Telemetry power_telemetry(std::int64_t now_us, Random& random) {
  mesh::Telemetry telemetry = at(now_us);
  auto& metrics = *telemetry.mutable_power_metrics();
  metrics.set_ch1_voltage(rounded(random.uniform(11.8, 14.4), 0.01));
  metrics.set_ch1_current(rounded(random.uniform(-300, 900), 0.1));
  metrics.set_ch3_voltage(rounded(daily(now_us, 0, 18.5), 0.01));
  metrics.set_ch3_current(rounded(daily(now_us, 0, 620), 0.1));
  return telemetry;
}

mesh::Telemetry health_telemetry(std::int64_t now_us, Random& random) {
  mesh::Telemetry telemetry = at(now_us);
  auto& metrics = *telemetry.mutable_health_metrics();
  metrics.set_heart_bpm(random.between(52, 160));
  metrics.set_sp_o2(random.between(93, 100));
  metrics.set_temperature(rounded(random.uniform(35.8, 37.6), 0.01));
  return telemetry;
}

mesh::Telemetry host_telemetry(const Node& node, std::int64_t now_us, Random& random) {
  mesh::Telemetry telemetry = at(now_us);
  auto& metrics = *telemetry.mutable_host_metrics();
  metrics.set_uptime_seconds(uptime_seconds(node, now_us));
  metrics.set_freemem_bytes(random.between(80'000'000, 900'000'000));
  metrics.set_diskfree1_bytes(10'000'000'000ULL + random.next_u32());
  metrics.set_load1(random.below(200));
  metrics.set_load5(random.below(150));
  metrics.set_load15(random.below(100));
  metrics.set_user_string("raspberrypi");
  return telemetry;
}

mesh::Telemetry traffic_management_telemetry(std::int64_t now_us, Random& random) {
  mesh::Telemetry telemetry = at(now_us);
  auto& stats = *telemetry.mutable_traffic_management_stats();
  stats.set_packets_inspected(random.between(100, 100'000));
  stats.set_position_dedup_drops(random.below(500));
  stats.set_rate_limit_drops(random.below(50));
  stats.set_unknown_packet_drops(random.below(20));
  return telemetry;
}

mesh::Telemetry local_stats_telemetry(const Node& node, const LocalCounts& counts, std::int64_t now_us,
                                      Random& random) {
  mesh::Telemetry telemetry = at(now_us);
  auto& stats = *telemetry.mutable_local_stats();
  stats.set_uptime_seconds(uptime_seconds(node, now_us));
  stats.set_channel_utilization(static_cast<float>(random.uniform(1, 25)));
  stats.set_air_util_tx(static_cast<float>(random.uniform(0.05, 4)));
  stats.set_num_packets_tx(counts.sent);
  stats.set_num_packets_rx(counts.received);
  stats.set_num_tx_relay(counts.relayed);
  stats.set_num_online_nodes(counts.online_nodes);
  stats.set_num_total_nodes(counts.total_nodes);
  stats.set_heap_total_bytes(262'144);
  stats.set_heap_free_bytes(random.between(60'000, 120'000));
  stats.set_noise_floor(-static_cast<std::int32_t>(random.between(104, 120)));
  return telemetry;
}

}  // namespace mmm::sim
