#include "core/python/entry_writer.h"

#include "core/base/encoding.h"
#include "core/base/time.h"
#include "core/mesh/decode.h"
#include "core/mesh/node_id.h"
#include "core/mesh/packet.h"
#include "core/mesh/payload_json.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cmath>
#include <variant>

namespace mmm::python {
namespace {

namespace json = boost::json;

// How the type of a packet is written, and its payload.
struct Content {
  const char* type = "other";
  json::value payload;
};

json::value text_value(std::string_view bytes) {
  return json::value(json::string(sanitize_utf8(bytes)));
}

json::value bytes_value(std::string_view bytes) {
  if (bytes.empty()) return nullptr;
  return json::value(json::string(to_base64(bytes)));
}

json::value number_value(float value) {
  if (!std::isfinite(value)) return nullptr;
  return json::value(static_cast<double>(value));
}

// By name, or as a number where this version has no name.
template <class Enum>
json::value enum_value(Enum value, const std::string& name) {
  if (name.empty()) return json::value(static_cast<int>(value));
  return json::value(json::string(name));
}

json::array node_list(const google::protobuf::RepeatedField<std::uint32_t>& nodes) {
  json::array list;
  for (const std::uint32_t node : nodes) list.emplace_back(json::string(mesh::format_node_id(node)));
  return list;
}

// A place that is not told is 0, as with these agents.
json::object position_object(const mesh::Position& position) {
  const auto place = mesh::place_of(position).value_or(mesh::Place{});
  return {{"latitude", place.latitude},
          {"longitude", place.longitude},
          {"altitude", position.altitude()},
          {"time", position.time()}};
}

Content content_of(const mesh::Position& position) {
  return {"position", position_object(position)};
}

Content content_of(mesh::Telemetry telemetry) {
  telemetry.clear_time();
  return {"telemetry", json::parse(mesh::message_to_json(telemetry))};
}

Content content_of(const mesh::User& user) {
  return {"user_info",
          json::object{{"id", text_value(user.id())},
                       {"long_name", text_value(user.long_name())},
                       {"short_name", text_value(user.short_name())},
                       {"macaddr", bytes_value(user.macaddr())},
                       {"hw_model", enum_value(user.hw_model(), mesh::HardwareModel_Name(user.hw_model()))},
                       {"role", enum_value(user.role(), mesh::Config::DeviceConfig::Role_Name(user.role()))},
                       {"isLicensed", user.is_licensed()}}};
}

Content content_of(const mesh::Routing& routing) {
  const auto name = mesh::Routing::Error_Name(routing.error_reason());
  return {"routing", json::object{{"error_reason", enum_value(routing.error_reason(), name)}}};
}

Content content_of(const mesh::RouteDiscovery& route) {
  return {"traceroute", json::object{{"route", node_list(route.route())}, {"back", node_list(route.route_back())}}};
}

// Any port: the bytes as they are.
Content other_content(const mesh::Data& data) {
  json::object payload{{"portnum", enum_value(data.portnum(), mesh::PortNum_Name(data.portnum()))},
                       {"payload", to_hex(data.payload())}};
  if (data.request_id() != 0) payload["requestId"] = data.request_id();
  if (data.want_response()) payload["wantResponse"] = true;
  return {"other", std::move(payload)};
}

Content content_of(const mesh::MeshPacket& packet) {
  if (!packet.has_decoded()) return {"encrypted", nullptr};
  const mesh::Data& data = packet.decoded();
  if (data.portnum() == mesh::TEXT_MESSAGE_APP) return {"text_message", text_value(data.payload())};
  const auto payload = mesh::decode_payload(static_cast<std::uint32_t>(data.portnum()), data.payload());
  if (const auto* position = std::get_if<mesh::Position>(&payload)) return content_of(*position);
  if (const auto* telemetry = std::get_if<mesh::Telemetry>(&payload)) return content_of(*telemetry);
  if (const auto* user = std::get_if<mesh::User>(&payload)) return content_of(*user);
  if (const auto* route = std::get_if<mesh::RouteDiscovery>(&payload)) return content_of(*route);
  // Other routing messages would read as acknowledgements.
  const auto* routing = std::get_if<mesh::Routing>(&payload);
  if (routing != nullptr && routing->variant_case() == mesh::Routing::kErrorReason) return content_of(*routing);
  return other_content(data);
}

json::object metrics_object(const mesh::DeviceMetrics& metrics) {
  json::object object;
  if (metrics.has_battery_level()) object["batteryLevel"] = metrics.battery_level();
  if (metrics.has_voltage()) object["voltage"] = number_value(metrics.voltage());
  if (metrics.has_channel_utilization()) object["channelUtilization"] = number_value(metrics.channel_utilization());
  if (metrics.has_air_util_tx()) object["airUtilTx"] = number_value(metrics.air_util_tx());
  if (metrics.has_uptime_seconds()) object["uptimeSeconds"] = metrics.uptime_seconds();
  return object;
}

json::object user_object(const mesh::User& user) {
  return {{"id", text_value(user.id())},
          {"longName", text_value(user.long_name())},
          {"shortName", text_value(user.short_name())},
          {"macaddr", bytes_value(user.macaddr())},
          {"hwModel", enum_value(user.hw_model(), mesh::HardwareModel_Name(user.hw_model()))},
          {"role", enum_value(user.role(), mesh::Config::DeviceConfig::Role_Name(user.role()))},
          {"isLicensed", user.is_licensed()}};
}

}  // namespace

std::string time_text(std::int64_t time_us) {
  std::string text = to_iso8601(from_micros(time_us));
  if (text.ends_with('Z')) text.replace(text.size() - 1, 1, "+00:00");
  return text;
}

std::string packet_entry(const mesh::MeshPacket& packet, std::int64_t heard_us) {
  const auto view = mesh::view_packet(packet, 0);
  json::object entry;
  entry["timestamp"] = time_text(heard_us);
  entry["from_node"] = nullptr;
  if (view.from != 0) entry["from_node"] = mesh::format_node_id(view.from);
  entry["to_node"] = mesh::format_destination(view.to);
  entry["packet_id"] = view.id;
  entry["channel"] = view.channel;
  entry["hop_limit"] = view.hop_limit;
  entry["want_ack"] = view.want_ack;
  entry["rssi"] = nullptr;
  if (view.rx_rssi) entry["rssi"] = *view.rx_rssi;
  entry["snr"] = view.rx_snr ? number_value(*view.rx_snr) : json::value(nullptr);
  auto [type, payload] = content_of(packet);
  entry["type"] = type;
  entry["payload"] = std::move(payload);
  return json::serialize(entry);
}

std::string node_list_member(const mesh::NodeInfo& node) {
  json::object entry;
  entry["user"] = node.has_user() ? user_object(node.user()) : json::object{};
  const bool has_place = node.has_position() && mesh::place_of(node.position());
  entry["position"] = has_place ? position_object(node.position()) : json::object{};
  entry["deviceMetrics"] = metrics_object(node.device_metrics());
  entry["hopsAway"] = nullptr;
  if (node.has_hops_away()) entry["hopsAway"] = node.hops_away();
  entry["lastHeard"] = nullptr;
  if (node.last_heard() != 0) entry["lastHeard"] = node.last_heard();
  entry["isFavorite"] = node.is_favorite();
  return fmt::format("\"{}\": {}", mesh::format_node_id(node.num()), json::serialize(entry));
}

}  // namespace mmm::python
