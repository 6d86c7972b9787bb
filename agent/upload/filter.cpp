#include "agent/upload/filter.h"

#include "core/mesh/decode.h"

#include <array>
#include <utility>

namespace mmm::agent {
namespace {

constexpr std::array<std::pair<std::string_view, PacketType>, 8> kNames{{
    {"text_message", PacketType::kTextMessage},
    {"position", PacketType::kPosition},
    {"telemetry", PacketType::kTelemetry},
    {"user_info", PacketType::kUserInfo},
    {"routing", PacketType::kRouting},
    {"traceroute", PacketType::kTraceroute},
    {"encrypted", PacketType::kEncrypted},
    {"other", PacketType::kOther},
}};

PacketType type_of(const mesh::MeshPacket& packet) {
  if (!packet.has_decoded()) return PacketType::kEncrypted;
  switch (packet.decoded().portnum()) {
    case mesh::TEXT_MESSAGE_APP:
      return PacketType::kTextMessage;
    case mesh::POSITION_APP:
      return PacketType::kPosition;
    case mesh::TELEMETRY_APP:
      return PacketType::kTelemetry;
    case mesh::NODEINFO_APP:
      return PacketType::kUserInfo;
    case mesh::ROUTING_APP:
      return PacketType::kRouting;
    case mesh::TRACEROUTE_APP:
      return PacketType::kTraceroute;
    default:
      return PacketType::kOther;
  }
}

}  // namespace

std::optional<PacketType> parse_packet_type(std::string_view name) {
  for (const auto& [known, type] : kNames) {
    if (known == name) return type;
  }
  return std::nullopt;
}

bool RecordFilter::passes(const Record& record) const {
  if (passes_everything()) return true;
  if (record.kind != upload::RECORD_KIND_MESH_PACKET && record.kind != upload::RECORD_KIND_NODE_INFO) return true;
  const auto message = mesh::decode_from_radio(record.payload);
  if (!message) return false;
  const bool is_packet = message->has_packet();
  const auto type = is_packet ? type_of(message->packet()) : PacketType::kUserInfo;
  const mesh::NodeNum from = is_packet ? message->packet().from() : message->node_info().num();
  if (!types.empty() && !types.contains(type)) return false;
  if (!only_from.empty() && !only_from.contains(from)) return false;
  return !except_from.contains(from);
}

}  // namespace mmm::agent
