#include "dashboard/api/python/payload.h"

#include "core/base/encoding.h"
#include "core/mesh/decode.h"
#include "core/mesh/names.h"
#include "core/mesh/node_id.h"
#include "core/mesh/packet.h"
#include "core/mesh/payload_json.h"

namespace mmm::dashboard::python {
namespace {

constexpr std::uint32_t kHashMax = 0xFF;  // a channel hash is one byte

template <class Nodes>
void write_nodes(JsonWriter& json, std::string_view name, const Nodes& nodes) {
  json.key(name).begin_array();
  for (const std::uint32_t node : nodes) json.value(mesh::format_node_id(node));
  json.end_array();
}

struct PayloadWriter {
  JsonWriter& json;

  void operator()(const mesh::TextPayload& text) const { json.value(sanitize_utf8(text.text)); }
  void operator()(const mesh::Position& position) const {
    const auto place = mesh::place_of(position);
    json.begin_object().field("latitude", place ? place->latitude : 0).field("longitude", place ? place->longitude : 0);
    json.field("altitude", position.altitude()).field("time", position.time()).end_object();
  }
  void operator()(const mesh::Telemetry& telemetry) const { json.raw(mesh::message_to_json(telemetry)); }
  void operator()(const mesh::User& user) const {
    json.begin_object().text_field("id", sanitize_utf8(user.id()));
    json.text_field("long_name", sanitize_utf8(user.long_name()));
    json.text_field("short_name", sanitize_utf8(user.short_name()));
    json.text_field("macaddr", to_base64(user.macaddr()));
    json.field("hw_model", mesh::hardware_name(user.hw_model())).field("role", mesh::role_name(user.role()));
    json.end_object();
  }
  void operator()(const mesh::Routing& routing) const {
    const bool has_reason = routing.variant_case() == mesh::Routing::kErrorReason;
    json.begin_object();
    json.text_field("error_reason", has_reason ? mesh::routing_error_name(routing.error_reason()) : "");
    json.end_object();
  }
  void operator()(const mesh::RouteDiscovery& route) const {
    json.begin_object();
    write_nodes(json, "route", route.route());
    write_nodes(json, "back", route.route_back());
    json.end_object();
  }
  template <class Other>
  void operator()(const Other& other) const {
    json.raw(mesh::payload_to_json(other));
  }
};

}  // namespace

void write_payload(JsonWriter& json, Api& api, const mesh::MeshPacket* message) {
  if (message == nullptr) {
    json.null();
    return;
  }
  mesh::Packet view = mesh::view_packet(*message, message->from());
  std::optional<mesh::Decrypted> decrypted;
  if (!view.data && !view.encrypted.empty() && view.channel <= kHashMax) {
    const std::lock_guard lock(api.keys_mutex);
    decrypted = api.keys->decrypt(view.from, view.id, view.channel, view.encrypted);
    if (decrypted) view.data = mesh::view_data(decrypted->data);
  }
  if (!view.data) {
    json.null();
    return;
  }
  mesh::Payload payload = mesh::decode_payload(view.data->port, view.data->payload);
  api.options.privacy.limit(payload);
  std::visit(PayloadWriter{json}, payload);
}

}  // namespace mmm::dashboard::python
