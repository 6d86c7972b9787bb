#include "dashboard/api/packet_detail.h"

#include "core/base/encoding.h"
#include "core/mesh/decode.h"
#include "core/mesh/packet.h"
#include "core/mesh/payload_json.h"
#include "dashboard/api/record_reader.h"
#include "dashboard/api/rows_json.h"

namespace mmm::dashboard {
namespace {

constexpr std::uint32_t kHashMax = 0xFF;  // a channel hash is one byte

// The payload of a record, as JSON; empty when it cannot be read.
std::string read_payload(Api& api, const index::PacketRow& packet, const mesh::MeshPacket& mesh_packet) {
  mesh::Packet view = mesh::view_packet(mesh_packet, packet.from);
  std::optional<mesh::Decrypted> decrypted;
  if (!view.data && !view.encrypted.empty() && view.channel <= kHashMax) {
    std::lock_guard lock(api.keys_mutex);
    decrypted = api.keys->decrypt(view.from, view.id, static_cast<std::uint8_t>(view.channel), view.encrypted);
    if (decrypted) view.data = mesh::view_data(decrypted->data);
  }
  if (!view.data) return {};
  return mesh::payload_to_json(mesh::decode_payload(view.data->port, view.data->payload));
}

}  // namespace

Result<PacketContent> read_content(Api& api, const index::PacketRow& packet,
                                   std::span<const index::ReceptionRow> receptions) {
  PacketContent content;
  RecordReader records(api.log);
  auto raw = records.payload(packet.id);
  if (!raw) return fail(raw.error());
  content.raw = *raw;
  auto message = records.packet(packet.id);
  if (!message) return fail(message.error());
  if (*message == nullptr) return content;
  content.mesh_packet = mesh::message_to_json(**message);
  content.payload = read_payload(api, packet, **message);
  // The first reception may have come encrypted and a later one in the clear: then that one was decoded.
  for (const index::ReceptionRow& reception : receptions) {
    if (!content.payload.empty() || !packet.port) break;
    if (reception.id == packet.id) continue;
    message = records.packet(reception.id);
    if (!message) return fail(message.error());
    if (*message != nullptr) content.payload = read_payload(api, packet, **message);
  }
  return content;
}

void write_packet_detail(JsonWriter& json, const index::PacketRow& packet,
                         std::span<const index::ReceptionRow> receptions, const PacketContent& content) {
  const auto raw_or_null = [&json](std::string_view name, const std::string& text) {
    json.key(name);
    if (text.empty()) {
      json.null();
    } else {
      json.raw(text);
    }
  };
  json.begin_object();
  write_packet_fields(json, packet);
  const bool has_error = packet.error != index::DecodeError::kNone;
  json.text_field("decode_error", has_error ? index::to_string(packet.error) : "");
  raw_or_null("payload", content.payload);
  raw_or_null("mesh_packet", content.mesh_packet);
  json.text_field("raw_hex", to_hex(content.raw));
  json.key("receptions").begin_array();
  for (const index::ReceptionRow& reception : receptions) write_reception(json, reception);
  json.end_array().end_object();
}

}  // namespace mmm::dashboard
