#include "core/base/encoding.h"
#include "core/mesh/application.pb.h"
#include "core/mesh/node_id.h"
#include "core/mesh/position.pb.h"
#include "core/mesh/telemetry.pb.h"
#include "core/python/entry_parts.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

// `payload` of each type of packet, as the Data message that it was.
namespace mmm::python {
namespace {

// A radio's names have at most 39 bytes, a packet's content at most 233.
constexpr std::size_t kNameBytesMax = 100;
constexpr std::size_t kContentBytesMax = 1024;

void set(mesh::Data& data, mesh::PortNum port, const google::protobuf::Message& message) {
  data.set_portnum(port);
  message.SerializeToString(data.mutable_payload());
}

std::optional<json::object> payload_object(json::object& packet) {
  return child(packet, "payload");
}

bool read_text(json::object& packet, mesh::Data& data) {
  const auto payload = text(packet, "payload");
  if (!payload) return false;
  data.set_portnum(mesh::TEXT_MESSAGE_APP);
  data.set_payload(std::string(payload->substr(0, kContentBytesMax)));
  return true;
}

bool read_position(json::object& packet, mesh::Data& data) {
  auto payload = payload_object(packet);
  if (!payload) return false;
  mesh::Position position;
  set_place(number(*payload, "latitude").value_or(0), number(*payload, "longitude").value_or(0), position);
  const auto altitude = integer<std::int32_t>(*payload, "altitude");
  if (altitude.value_or(0) != 0) position.set_altitude(*altitude);
  position.set_time(integer<std::uint32_t>(*payload, "time").value_or(0));
  set(data, mesh::POSITION_APP, position);
  return true;
}

// A packet carries one group of measurements: the first that is told.
bool read_telemetry(json::object& packet, mesh::Data& data) {
  auto payload = payload_object(packet);
  if (!payload) return false;
  mesh::Telemetry telemetry;
  const auto* descriptor = mesh::Telemetry::descriptor();
  for (auto member : *payload) {
    std::string_view name;
    json::object group;
    if (member.unescaped_key().get(name) != simdjson::SUCCESS) break;
    const auto* field = descriptor->FindFieldByName(std::string(name));
    if (field == nullptr) field = descriptor->FindFieldByCamelcaseName(std::string(name));
    if (field == nullptr || field->message_type() == nullptr) continue;
    if (member.value().get_object().get(group) != simdjson::SUCCESS) continue;
    read_numbers(group, *telemetry.GetReflection()->MutableMessage(&telemetry, field));
    break;
  }
  set(data, mesh::TELEMETRY_APP, telemetry);
  return true;
}

bool read_user_info(json::object& packet, mesh::Data& data, PacketEntry& told) {
  auto payload = payload_object(packet);
  if (!payload) return false;
  mesh::User user;
  told.tells_role = read_user(*payload, user);
  set(data, mesh::NODEINFO_APP, user);
  return true;
}

bool read_routing(json::object& packet, mesh::Data& data) {
  mesh::Routing routing;
  if (auto payload = payload_object(packet)) {
    for (const char* name : {"error_reason", "errorReason"}) {
      mesh::Routing::Error error{};
      if (const auto reason = text(*payload, name)) {
        if (mesh::Routing::Error_Parse(std::string(*reason), &error)) routing.set_error_reason(error);
      } else if (const auto number = integer<std::int32_t>(*payload, name)) {
        routing.set_error_reason(static_cast<mesh::Routing::Error>(*number));
      }
    }
  }
  set(data, mesh::ROUTING_APP, routing);
  return true;
}

bool read_traceroute(json::object& packet, mesh::Data& data) {
  auto payload = payload_object(packet);
  if (!payload) return false;
  mesh::RouteDiscovery route;
  for (const std::uint32_t node : node_numbers(array(*payload, "route"))) route.add_route(node);
  for (const std::uint32_t node : node_numbers(array(*payload, "back"))) route.add_route_back(node);
  set(data, mesh::TRACEROUTE_APP, route);
  return true;
}

std::optional<mesh::PortNum> read_port(json::object& object) {
  if (const auto number = integer<std::uint16_t>(object, "portnum")) return static_cast<mesh::PortNum>(*number);
  mesh::PortNum port{};
  const auto name = text(object, "portnum");
  return name && mesh::PortNum_Parse(std::string(*name), &port) ? std::optional(port) : std::nullopt;
}

// The whole dictionary that the library made of the packet: its port, and its bytes when they stand there as hex.
bool read_other(json::object& packet, mesh::Data& data) {
  auto payload = payload_object(packet);
  if (!payload) return false;
  const auto port = read_port(*payload);
  if (!port) return false;
  data.set_portnum(*port);
  data.set_want_response(is_true(*payload, "wantResponse"));
  data.set_request_id(integer<std::uint32_t>(*payload, "requestId").value_or(0));
  if (const auto bytes = text(*payload, "payload"); bytes && bytes->size() <= 2 * kContentBytesMax) {
    data.set_payload(from_hex(*bytes).value_or(""));
  }
  return true;
}

// Enumerations come by name, and as a number where the name is unknown or the value 0.
template <class Enum>
std::optional<Enum> read_enum(json::object& object, std::string_view name, bool (*parse)(const std::string&, Enum*)) {
  if (const auto number = integer<std::int32_t>(object, name)) return static_cast<Enum>(*number);
  Enum value{};
  const auto told = text(object, name);
  return told && parse(std::string(*told), &value) ? std::optional(value) : std::nullopt;
}

std::string name_of(json::object& object, std::string_view snake, std::string_view camel) {
  auto name = text(object, snake);
  if (!name) name = text(object, camel);
  return std::string(name.value_or("").substr(0, kNameBytesMax));
}

bool parse_hardware(const std::string& name, mesh::HardwareModel* value) {
  return mesh::HardwareModel_Parse(name, value);
}

bool parse_role(const std::string& name, mesh::Config::DeviceConfig::Role* value) {
  return mesh::Config::DeviceConfig::Role_Parse(name, value);
}

}  // namespace

bool read_user(json::object& object, mesh::User& user) {
  user.set_long_name(name_of(object, "long_name", "longName"));
  user.set_short_name(name_of(object, "short_name", "shortName"));
  auto hardware = read_enum<mesh::HardwareModel>(object, "hwModel", parse_hardware);
  if (!hardware) hardware = read_enum<mesh::HardwareModel>(object, "hw_model", parse_hardware);
  if (hardware) user.set_hw_model(*hardware);
  const auto role = read_enum<mesh::Config::DeviceConfig::Role>(object, "role", parse_role);
  if (role) user.set_role(*role);
  user.set_is_licensed(is_true(object, "isLicensed"));
  return role.has_value();
}

bool read_payload(std::string_view type, json::object& packet, mesh::Data& data, PacketEntry& told) {
  if (type == "text_message") return read_text(packet, data);
  if (type == "position") return read_position(packet, data);
  if (type == "telemetry") return read_telemetry(packet, data);
  if (type == "user_info") return read_user_info(packet, data, told);
  if (type == "routing") return read_routing(packet, data);
  if (type == "traceroute") return read_traceroute(packet, data);
  return type != "encrypted" && read_other(packet, data);
}

}  // namespace mmm::python
