#pragma once

#include "agent/buffer/record.h"
#include "core/mesh/node_id.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

namespace mmm::agent {

// The packet types that a configuration may name.
enum class PacketType : std::uint8_t {
  kTextMessage,
  kPosition,
  kTelemetry,
  kUserInfo,
  kRouting,
  kTraceroute,
  kEncrypted,
  kOther,
};

inline constexpr std::string_view kPacketTypeNames =
    "all, text_message, position, telemetry, user_info, routing, traceroute, encrypted, other";

// "position" and so on; empty for another name ("all" is none of them).
std::optional<PacketType> parse_packet_type(std::string_view name);

// Which records a server gets. Records about the agent and its radio always pass.
struct RecordFilter {
  std::set<PacketType> types;         // empty: all
  std::set<mesh::NodeNum> only_from;  // empty: everybody
  std::set<mesh::NodeNum> except_from;

  [[nodiscard]] bool passes_everything() const { return types.empty() && only_from.empty() && except_from.empty(); }
  // A record that cannot be read passes only a filter that passes everything.
  [[nodiscard]] bool passes(const Record& record) const;
};

}  // namespace mmm::agent
