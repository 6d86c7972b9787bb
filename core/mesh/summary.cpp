#include "core/mesh/summary.h"

#include "core/base/encoding.h"
#include "core/mesh/names.h"

#include <fmt/format.h>

#include <iterator>

namespace mmm::mesh {
namespace {

constexpr NodeNum kUnknownHop = kBroadcast;
constexpr std::int32_t kUnknownSnr = -128;  // in quarters of a dB
constexpr std::uint32_t kExternalPower = 100;
constexpr std::string_view kEllipsis = "…";

// Text from the air on one line.
std::string one_line(std::string_view bytes) {
  std::string text = sanitize_utf8(bytes);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text;
}

std::string shortened(std::string text) {
  if (text.size() <= kSummaryBytesMax) {
    return text;
  }
  std::size_t end = kSummaryBytesMax - kEllipsis.size();
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not within a character
  text.resize(end);
  return text.append(kEllipsis);
}

// Joins what there is to say with commas.
class Parts {
 public:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    if (!text_.empty()) text_ += ", ";
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
  }
  std::string or_else(std::string_view nothing) && { return text_.empty() ? std::string(nothing) : std::move(text_); }

 private:
  std::string text_;
};

std::string describe(const Place& place) {
  if (place.uncertainty_m <= 0) {
    return fmt::format("{:.5f}, {:.5f}", place.latitude, place.longitude);
  }
  if (place.uncertainty_m < 1000) {
    return fmt::format("{:.4f}, {:.4f} ±{:.0f} m", place.latitude, place.longitude, place.uncertainty_m);
  }
  return fmt::format("{:.3f}, {:.3f} ±{:.1f} km", place.latitude, place.longitude, place.uncertainty_m / 1000);
}

std::string describe(const DeviceMetrics& metrics) {
  Parts parts;
  if (metrics.has_battery_level()) {
    if (metrics.battery_level() > kExternalPower) {
      parts.add("external power");
    } else {
      parts.add("battery {} %", metrics.battery_level());
    }
  }
  if (metrics.has_voltage()) parts.add("{:.2f} V", metrics.voltage());
  if (metrics.has_channel_utilization()) parts.add("channel {:.1f} %", metrics.channel_utilization());
  if (metrics.has_air_util_tx()) parts.add("sending {:.1f} %", metrics.air_util_tx());
  return std::move(parts).or_else("device metrics");
}

std::string describe(const EnvironmentMetrics& metrics) {
  Parts parts;
  if (metrics.has_temperature()) parts.add("{:.1f} °C", metrics.temperature());
  if (metrics.has_relative_humidity()) parts.add("{:.0f} % humidity", metrics.relative_humidity());
  if (metrics.has_barometric_pressure()) parts.add("{:.1f} hPa", metrics.barometric_pressure());
  if (metrics.has_lux()) parts.add("{:.0f} lx", metrics.lux());
  if (metrics.has_wind_speed()) parts.add("wind {:.1f} m/s", metrics.wind_speed());
  if (metrics.has_rainfall_1h()) parts.add("rain {:.1f} mm/h", metrics.rainfall_1h());
  if (metrics.has_soil_moisture()) parts.add("soil {} %", metrics.soil_moisture());
  if (metrics.has_radiation()) parts.add("{:.2f} µR/h", metrics.radiation());
  if (metrics.has_iaq()) parts.add("air quality {}", metrics.iaq());
  return std::move(parts).or_else("environment metrics");
}

std::string describe(const PowerMetrics& metrics) {
  Parts parts;
  const auto channel = [&parts](int number, bool present, float voltage, float current) {
    if (present) parts.add("channel {}: {:.2f} V {:.0f} mA", number, voltage, current);
  };
  channel(1, metrics.has_ch1_voltage(), metrics.ch1_voltage(), metrics.ch1_current());
  channel(2, metrics.has_ch2_voltage(), metrics.ch2_voltage(), metrics.ch2_current());
  channel(3, metrics.has_ch3_voltage(), metrics.ch3_voltage(), metrics.ch3_current());
  return std::move(parts).or_else("power metrics");
}

std::string describe(const AirQualityMetrics& metrics) {
  Parts parts;
  if (metrics.has_pm10_standard()) parts.add("PM1 {} µg/m³", metrics.pm10_standard());
  if (metrics.has_pm25_standard()) parts.add("PM2.5 {} µg/m³", metrics.pm25_standard());
  if (metrics.has_pm100_standard()) parts.add("PM10 {} µg/m³", metrics.pm100_standard());
  if (metrics.has_co2()) parts.add("CO₂ {} ppm", metrics.co2());
  return std::move(parts).or_else("air quality metrics");
}

std::string describe(const Telemetry& telemetry) {
  switch (telemetry.variant_case()) {
    case Telemetry::kDeviceMetrics:
      return describe(telemetry.device_metrics());
    case Telemetry::kEnvironmentMetrics:
      return describe(telemetry.environment_metrics());
    case Telemetry::kAirQualityMetrics:
      return describe(telemetry.air_quality_metrics());
    case Telemetry::kPowerMetrics:
      return describe(telemetry.power_metrics());
    case Telemetry::kLocalStats:
      return fmt::format("{} nodes online of {}, {} packets received ({} bad), {} sent, channel {:.1f} %",
                         telemetry.local_stats().num_online_nodes(), telemetry.local_stats().num_total_nodes(),
                         telemetry.local_stats().num_packets_rx(), telemetry.local_stats().num_packets_rx_bad(),
                         telemetry.local_stats().num_packets_tx(), telemetry.local_stats().channel_utilization());
    case Telemetry::kHealthMetrics: {
      Parts parts;
      const HealthMetrics& metrics = telemetry.health_metrics();
      if (metrics.has_heart_bpm()) parts.add("pulse {}", metrics.heart_bpm());
      if (metrics.has_sp_o2()) parts.add("oxygen {} %", metrics.sp_o2());
      if (metrics.has_temperature()) parts.add("{:.1f} °C", metrics.temperature());
      return std::move(parts).or_else("health metrics");
    }
    case Telemetry::kHostMetrics:
      return fmt::format("host up {} h, load {:.2f}, {} MiB free", telemetry.host_metrics().uptime_seconds() / 3600,
                         telemetry.host_metrics().load1() / 100.0, telemetry.host_metrics().freemem_bytes() >> 20);
    case Telemetry::kTrafficManagementStats:
      return fmt::format("traffic management: {} packets inspected, {} over the rate",
                         telemetry.traffic_management_stats().packets_inspected(),
                         telemetry.traffic_management_stats().rate_limit_drops());
    case Telemetry::VARIANT_NOT_SET:
      break;
  }
  return "telemetry of an unknown kind";
}

// "!a → !b (5.25 dB) → !c"; the signal belongs to the link that ends at the node before it.
std::string describe_path(NodeNum first, const google::protobuf::RepeatedField<std::uint32_t>& between, NodeNum last,
                          const google::protobuf::RepeatedField<std::int32_t>& snr) {
  std::string path = format_node_id(first);
  const auto hop = [&](NodeNum node, int index) {
    path += node == kUnknownHop ? " → ?" : " → " + format_node_id(node);
    if (index < snr.size() && snr[index] != kUnknownSnr) {
      fmt::format_to(std::back_inserter(path), " ({:.2f} dB)", snr[index] / 4.0);
    }
  };
  for (int i = 0; i < between.size(); ++i) hop(between[i], i);
  hop(last, between.size());
  return path;
}

std::string describe(const RouteDiscovery& route, const Packet& packet) {
  if (packet.data->request_id == 0) {
    std::string text = "traceroute to " + format_destination(packet.to);
    for (int i = 0; i < route.route_size(); ++i) {
      text += i == 0 ? ", so far over " : ", ";
      text += route.route(i) == kUnknownHop ? "?" : format_node_id(route.route(i));
    }
    return text;
  }
  std::string text = "route " + describe_path(packet.to, route.route(), packet.from, route.snr_towards());
  if (route.snr_back_size() > 0) {
    text += "; back " + describe_path(packet.from, route.route_back(), packet.to, route.snr_back());
  }
  return text;
}

std::string describe(const Routing& routing, const Packet& packet) {
  const std::uint32_t request = packet.data->request_id;
  switch (routing.variant_case()) {
    case Routing::kErrorReason:
      return routing.error_reason() == Routing::NONE
                 ? fmt::format("ack for {:08x}", request)
                 : fmt::format("{} for {:08x}", routing_error_name(routing.error_reason()), request);
    case Routing::kRouteRequest:
      return "route request";
    case Routing::kRouteReply:
      return "route reply";
    case Routing::VARIANT_NOT_SET:
      break;
  }
  return "routing";
}

std::string describe(const NeighborInfo& info) {
  std::string text = fmt::format("{} neighbour{}", info.neighbors_size(), info.neighbors_size() == 1 ? "" : "s");
  for (const Neighbor& neighbor : info.neighbors()) {
    fmt::format_to(std::back_inserter(text), "{}{} {:.2f} dB", &neighbor == &info.neighbors(0) ? ": " : ", ",
                   format_node_id(neighbor.node_id()), neighbor.snr());
  }
  return text;
}

std::string describe(const Position& position) {
  Parts parts;
  if (const auto place = place_of(position)) parts.add("{}", describe(*place));
  if (position.has_altitude()) parts.add("{} m high", position.altitude());
  if (position.ground_speed() > 0) parts.add("{} km/h", position.ground_speed());
  return std::move(parts).or_else("position withheld");
}

std::string describe(const Waypoint& waypoint) {
  Parts parts;
  parts.add("waypoint {}", one_line(waypoint.name()));
  if (const auto place = place_of(waypoint)) parts.add("{}", describe(*place));
  if (!waypoint.description().empty()) parts.add("{}", one_line(waypoint.description()));
  return std::move(parts).or_else("");
}

std::string describe(const StoreAndForward& message) {
  const auto* name = StoreAndForward::RequestResponse_descriptor()->FindValueByNumber(message.rr());
  std::string text = "store and forward " + (name == nullptr ? fmt::format("{}", int{message.rr()}) : name->name());
  if (message.has_text()) text += ": " + one_line(message.text());
  return text;
}

std::string describe(const MapReport& report) {
  Parts parts;
  parts.add("map report of {} ({})", one_line(report.long_name()), one_line(report.short_name()));
  if (const auto place = place_of(report)) parts.add("{}", describe(*place));
  return std::move(parts).or_else("");
}

struct Describe {
  const Packet& packet;

  std::string operator()(const RawPayload& raw) const {
    if (raw.reason == RawReason::kMalformed) {
      return fmt::format("{} bytes that are not what {} carries", raw.bytes.size(), port_name(packet.data->port));
    }
    return fmt::format("{} bytes", raw.bytes.size());
  }
  std::string operator()(const TextPayload& text) const { return one_line(text.text); }
  std::string operator()(const User& user) const {
    if (user.long_name().empty() && user.short_name().empty()) return one_line(user.id()) + ", without a name";
    return fmt::format("{} ({}), {}, {}", one_line(user.long_name()), one_line(user.short_name()),
                       hardware_name(user.hw_model()), role_name(user.role()));
  }
  std::string operator()(const AdminMessage&) const { return "administration"; }
  std::string operator()(const KeyVerification&) const { return "key verification"; }
  std::string operator()(const Paxcount& count) const {
    return fmt::format("{} WiFi and {} Bluetooth devices near", count.wifi(), count.ble());
  }
  std::string operator()(const StoreForwardPlusPlus& message) const {
    return fmt::format("store and forward, {} bytes", message.message().size());
  }
  std::string operator()(const StatusMessage& message) const { return one_line(message.status()); }
  std::string operator()(const MeshBeacon& beacon) const { return "beacon: " + one_line(beacon.message()); }
  std::string operator()(const Compressed& copy) const {
    return fmt::format("simulated {}, {} bytes", port_name(static_cast<std::uint32_t>(copy.portnum())),
                       copy.data().size());
  }
  std::string operator()(const Routing& routing) const { return describe(routing, packet); }
  std::string operator()(const RouteDiscovery& route) const { return describe(route, packet); }
  template <class T>
  std::string operator()(const T& message) const {
    return describe(message);
  }
};

}  // namespace

std::string summarize(const Packet& packet, const Payload& payload) {
  if (!packet.data) {
    return packet.encrypted.empty() ? "empty"
                                    : fmt::format("encrypted, {} bytes, {}", packet.encrypted.size(),
                                                  packet.channel == 0 ? std::string("channel hash 0 or a public key")
                                                                      : fmt::format("channel hash {}", packet.channel));
  }
  return shortened(std::visit(Describe{packet}, payload));
}

}  // namespace mmm::mesh
