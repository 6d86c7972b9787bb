#include "dashboard/api/packet_detail.h"

#include "core/base/encoding.h"
#include "core/mesh/decode.h"
#include "core/mesh/packet.h"
#include "core/mesh/payload_json.h"
#include "dashboard/api/record_reader.h"
#include "dashboard/api/rows_json.h"

#include <algorithm>
#include <concepts>
#include <variant>

namespace mmm::dashboard {
namespace {

// Fills what `content` says of the payload, when the record's can be read.
void read_payload(Api& api, const index::PacketRow& packet, const mesh::MeshPacket& mesh_packet,
                  PacketContent& content) {
  mesh::Packet view = mesh::view_packet(mesh_packet, packet.from);
  std::optional<mesh::Decrypted> decrypted;
  if (!view.data && !view.encrypted.empty()) {
    std::lock_guard lock(api.keys_mutex);
    decrypted = api.keys->decrypt(view.from, view.id, view.channel, view.encrypted);
    if (decrypted) view.data = mesh::view_data(decrypted->data);
  }
  if (!view.data) return;
  mesh::Payload payload = mesh::decode_payload(view.data->port, view.data->payload);
  content.is_kept_back = api.options.privacy.limit(payload);
  content.payload = mesh::payload_to_json(payload);
  if (content.is_kept_back) return;
  // Its JSON leaves out keys and passwords, which would stand in the bytes.
  if (std::holds_alternative<mesh::AdminMessage>(payload)) return;
  content.payload_bytes = view.data->payload;
  std::visit(
      [&content]<class Content>(const Content&) {
        if constexpr (std::derived_from<Content, google::protobuf::Message>) {
          content.payload_fields = mesh::field_ranges(content.payload_bytes, *Content::descriptor());
        }
      },
      payload);
}

// Where the raw bytes have the payload in the clear.
std::optional<std::size_t> find_payload(const PacketContent& content) {
  const auto field = std::ranges::find(content.raw_fields, "packet.decoded.payload", &mesh::FieldRange::field);
  if (field == content.raw_fields.end() || field->length < content.payload_bytes.size()) return std::nullopt;
  const std::size_t offset = field->offset + field->length - content.payload_bytes.size();
  const bool is_it = content.raw.compare(offset, content.payload_bytes.size(), content.payload_bytes) == 0;
  return is_it ? std::optional(offset) : std::nullopt;
}

void write_fields(JsonWriter& json, std::string_view name, const std::vector<mesh::FieldRange>& fields) {
  json.key(name).begin_array();
  for (const mesh::FieldRange& field : fields) {
    json.begin_object().field("field", field.field).field("offset", field.offset).field("length", field.length);
    json.end_object();
  }
  json.end_array();
}

// Ciphertext goes as well: the default channel's key is known to all.
Result<> remove_bytes(RecordReader& records, const index::PacketRow& packet, PacketContent& content) {
  content.raw.clear();
  content.raw_fields.clear();
  auto message = records.packet(packet.id);
  if (!message) return fail(message.error());
  content.mesh_packet.clear();
  if (*message == nullptr) return {};
  mesh::MeshPacket header = **message;
  if (header.has_decoded()) header.mutable_decoded()->clear_payload();
  if (header.has_encrypted()) header.clear_encrypted();
  content.mesh_packet = mesh::message_to_json(header);
  return {};
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
  // What agents of the Python version send is JSON.
  if (!content.raw.starts_with('{')) {
    content.raw_fields = mesh::field_ranges(content.raw, *mesh::FromRadio::descriptor());
  }
  read_payload(api, packet, **message, content);
  if (!content.payload_bytes.empty()) content.payload_offset = find_payload(content);
  // The first reception may have come encrypted and a later one in the clear: then that one was decoded.
  for (const index::ReceptionRow& reception : receptions) {
    if (!content.payload.empty() || !packet.port) break;
    if (reception.id == packet.id) continue;
    message = records.packet(reception.id);
    if (!message) return fail(message.error());
    if (*message != nullptr) read_payload(api, packet, **message, content);
  }
  if (content.is_kept_back) {
    if (auto removed = remove_bytes(records, packet, content); !removed) return fail(removed.error());
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
  json.text_field("agent", packet.first_agent);
  const bool has_error = packet.error != index::DecodeError::kNone;
  json.text_field("decode_error", has_error ? index::to_string(packet.error) : "");
  json.field("kept_back", content.is_kept_back);
  raw_or_null("payload", content.payload);
  raw_or_null("mesh_packet", content.mesh_packet);
  json.text_field("raw_hex", to_hex(content.raw));
  write_fields(json, "raw_fields", content.raw_fields);
  json.text_field("payload_hex", to_hex(content.payload_bytes)).field("payload_offset", content.payload_offset);
  write_fields(json, "payload_fields", content.payload_fields);
  json.key("receptions").begin_array();
  for (const index::ReceptionRow& reception : receptions) write_reception(json, reception);
  json.end_array().end_object();
}

}  // namespace mmm::dashboard
