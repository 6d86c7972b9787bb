#include "dashboard/query/fields.h"

#include "core/config/units.h"
#include "core/mesh/names.h"

#include <algorithm>

namespace mmm::dashboard::query {
namespace {

using index::PacketField;
using index::PacketTrait;

constexpr std::uint32_t kPortsNamedMax = 511;
constexpr std::int64_t kCenti = 100;
constexpr std::int64_t kMillisecond = 1000;  // in microseconds

constexpr Field kFields[] = {
    {"from", FieldKind::kNode, PacketField::kFrom, "", "the sender", "from:!a1b2c3d4"},
    {"to", FieldKind::kNode, PacketField::kTo, "", "the destination; ^all is everybody", "to:^all"},
    {"node", FieldKind::kNode, PacketField::kNode, "", "the sender or the destination", "node:BASE"},
    {"port", FieldKind::kPort, PacketField::kPort, "", "what the packet is about; none: not decoded", "port:text"},
    {"is", FieldKind::kTrait, PacketField::kTrait, "", "what the packet is", "is:encrypted"},
    {"agent", FieldKind::kAgent, PacketField::kAgent, "", "an agent that received it", "agent:site-7"},
    {"hops", FieldKind::kNumber, PacketField::kHops, "", "the fewest hops of any reception", "hops:<3"},
    {"snr", FieldKind::kNumber, PacketField::kSnr, "dB", "the best SNR of any reception", "snr:>-5", kCenti},
    {"rssi", FieldKind::kNumber, PacketField::kRssi, "dBm", "the best RSSI of any reception", "rssi:>=-110"},
    {"receptions", FieldKind::kNumber, PacketField::kReceptions, "", "how many there are, over the air",
     "receptions:>1"},
    {"channel", FieldKind::kNumber, PacketField::kChannel, "", "channel index, or hash when encrypted", "channel:8"},
    {"size", FieldKind::kNumber, PacketField::kSize, "bytes", "bytes of the payload", "size:>100"},
    {"airtime", FieldKind::kNumber, PacketField::kAirtime, "ms", "time on air of one transmission", "airtime:>500",
     kMillisecond},
    {"id", FieldKind::kNumber, PacketField::kId, "", "the packet's log id", "id:1767225600000000"},
    {"packet_id", FieldKind::kNumber, PacketField::kPacketId, "", "the id that the sender gave it",
     "packet_id:305419896"},
    {"since", FieldKind::kTime, PacketField::kId, "", "came to the server then or later", "since:2h", 1,
     TimeSide::kSince},
    {"until", FieldKind::kTime, PacketField::kId, "", "came to the server before that", "until:2026-11-27T10:00", 1,
     TimeSide::kUntil},
};

constexpr TraitName kTraits[] = {
    {"heard", PacketTrait::kHeard, "received over the air"},
    {"direct", PacketTrait::kDirect, "sent to one node"},
    {"broadcast", PacketTrait::kBroadcast, "sent to everybody"},
    {"decoded", PacketTrait::kDecoded, "its port is known"},
    {"encrypted", PacketTrait::kEncrypted, "delivered encrypted"},
    {"decrypted", PacketTrait::kDecrypted, "delivered encrypted, and a key of the server fits"},
    {"pki", PacketTrait::kPki, "encrypted between two nodes' keys"},
    {"want_ack", PacketTrait::kWantAck, "asks for an acknowledgement"},
    {"mqtt", PacketTrait::kMqtt, "came to the radio by MQTT, not over the air"},
    {"via_mqtt", PacketTrait::kViaMqtt, "crossed MQTT somewhere on its way"},
    {"udp", PacketTrait::kUdp, "came to the radio by UDP, not over the air"},
    {"own", PacketTrait::kOwn, "from the agent's own radio"},
    {"replay", PacketTrait::kReplay, "cached data that the radio repeated"},
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

std::string short_name(std::string_view full) {
  for (const std::string_view suffix : {"_APP", "_MESSAGE"}) {
    if (full.ends_with(suffix)) full.remove_suffix(suffix.size());
  }
  return lower(full);
}

}  // namespace

const char* to_string(FieldKind kind) {
  switch (kind) {
    case FieldKind::kNode:
      return "node";
    case FieldKind::kPort:
      return "port";
    case FieldKind::kNumber:
      return "number";
    case FieldKind::kTime:
      return "time";
    case FieldKind::kTrait:
      return "trait";
    case FieldKind::kAgent:
      return "agent";
  }
  return "";
}

std::span<const Field> fields() {
  return kFields;
}

const Field* find_field(std::string_view name) {
  const auto* found = std::ranges::find(kFields, lower(name), &Field::name);
  return found == std::end(kFields) ? nullptr : found;
}

const std::vector<PortName>& port_names() {
  static const std::vector<PortName> names = [] {
    std::vector<PortName> made;
    for (std::uint32_t port = 0; port <= kPortsNamedMax; ++port) {
      if (!mesh::is_known_port(port)) continue;
      const std::string full = mesh::port_name(port);
      made.push_back({.name = short_name(full), .port = port, .full_name = full});
    }
    return made;
  }();
  return names;
}

std::optional<std::int64_t> find_port(std::string_view text) {
  const std::string name = lower(text);
  if (name == "none") return index::kPortNotDecoded;
  for (const PortName& known : port_names()) {
    if (known.name == name || lower(known.full_name) == name) return known.port;
  }
  const auto number = config::parse_integer(text);
  return number && *number >= 0 && *number <= UINT32_MAX ? number : std::nullopt;
}

std::span<const TraitName> trait_names() {
  return kTraits;
}

std::optional<index::PacketTrait> find_trait(std::string_view name) {
  const auto* found = std::ranges::find(kTraits, lower(name), &TraitName::name);
  if (found == std::end(kTraits)) return std::nullopt;
  return found->trait;
}

}  // namespace mmm::dashboard::query
