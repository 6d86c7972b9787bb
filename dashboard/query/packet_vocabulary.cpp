#include "dashboard/query/packet_vocabulary.h"

#include "core/base/ascii.h"
#include "core/mesh/names.h"

namespace mmm::dashboard::query {
namespace {

using index::PacketField;
using index::PacketTrait;

constexpr std::uint32_t kPortsNamedMax = 511;
constexpr std::int64_t kCenti = 100;
constexpr std::int64_t kMillisecond = 1000;  // in microseconds

constexpr std::uint8_t code(PacketField field) {
  return static_cast<std::uint8_t>(field);
}
constexpr std::uint8_t code(PacketTrait trait) {
  return static_cast<std::uint8_t>(trait);
}

constexpr Field kFields[] = {
    {"from", FieldKind::kNode, code(PacketField::kFrom), "", "the sender", "from:!a1b2c3d4"},
    {"to", FieldKind::kNode, code(PacketField::kTo), "", "the destination; ^all is everybody", "to:^all"},
    {"node", FieldKind::kNode, code(PacketField::kNode), "", "the sender or the destination", "node:BASE"},
    {.name = "port",
     .kind = FieldKind::kName,
     .code = code(PacketField::kPort),
     .unit = "",
     .meaning = "what the packet is about; none: not decoded",
     .example = "port:text",
     .names = port_names},
    {"is", FieldKind::kTrait, code(PacketField::kTrait), "", "what the packet is", "is:encrypted"},
    {"agent", FieldKind::kAgent, code(PacketField::kAgent), "", "an agent that received it", "agent:site-7"},
    {"hops", FieldKind::kNumber, code(PacketField::kHops), "", "the fewest hops of any reception", "hops:<3"},
    {"snr", FieldKind::kNumber, code(PacketField::kSnr), "dB", "the best SNR of any reception", "snr:>-5", kCenti},
    {"rssi", FieldKind::kNumber, code(PacketField::kRssi), "dBm", "the best RSSI of any reception", "rssi:>=-110"},
    {"receptions", FieldKind::kNumber, code(PacketField::kReceptions), "", "how many there are, over the air",
     "receptions:>1"},
    {"channel", FieldKind::kNumber, code(PacketField::kChannel), "", "channel index, or hash when encrypted",
     "channel:8"},
    {"size", FieldKind::kNumber, code(PacketField::kSize), "bytes", "bytes of the payload", "size:>100"},
    {"airtime", FieldKind::kNumber, code(PacketField::kAirtime), "ms", "time on air of one transmission",
     "airtime:>500", kMillisecond},
    {"id", FieldKind::kNumber, code(PacketField::kId), "", "the packet's log id", "id:1767225600000000"},
    {"packet_id", FieldKind::kNumber, code(PacketField::kPacketId), "", "the id that the sender gave it",
     "packet_id:305419896"},
    {"since", FieldKind::kTime, code(PacketField::kId), "", "came to the server then or later", "since:2h", 1,
     TimeSide::kSince},
    {"until", FieldKind::kTime, code(PacketField::kId), "", "came to the server before that", "until:2026-11-27T10:00",
     1, TimeSide::kUntil},
};

constexpr TraitName kTraits[] = {
    {"heard", code(PacketTrait::kHeard), "received over the air"},
    {"direct", code(PacketTrait::kDirect), "sent to one node"},
    {"broadcast", code(PacketTrait::kBroadcast), "sent to everybody"},
    {"decoded", code(PacketTrait::kDecoded), "its port is known"},
    {"encrypted", code(PacketTrait::kEncrypted), "delivered encrypted"},
    {"decrypted", code(PacketTrait::kDecrypted), "delivered encrypted, and a key of the server fits"},
    {"pki", code(PacketTrait::kPki), "encrypted between two nodes' keys"},
    {"want_ack", code(PacketTrait::kWantAck), "asks for an acknowledgement"},
    {"mqtt", code(PacketTrait::kMqtt), "came to the radio by MQTT, not over the air"},
    {"via_mqtt", code(PacketTrait::kViaMqtt), "crossed MQTT somewhere on its way"},
    {"udp", code(PacketTrait::kUdp), "came to the radio by UDP, not over the air"},
    {"own", code(PacketTrait::kOwn), "from the agent's own radio"},
    {"replay", code(PacketTrait::kReplay), "cached data that the radio repeated"},
};

std::string short_name(std::string_view full) {
  for (const std::string_view suffix : {"_APP", "_MESSAGE"}) {
    if (full.ends_with(suffix)) full.remove_suffix(suffix.size());
  }
  return ascii_lower(full);
}

}  // namespace

const Vocabulary& packet_vocabulary() {
  static const Vocabulary vocabulary{
      .subject = "packet", .fields = kFields, .traits = kTraits, .text_code = code(PacketField::kText)};
  return vocabulary;
}

const NameList& port_names() {
  static const NameList list = [] {
    NameList made{.what = "port", .none = index::kPortNotDecoded};
    for (std::uint32_t port = 0; port <= kPortsNamedMax; ++port) {
      if (!mesh::is_known_port(port)) continue;
      const std::string full = mesh::port_name(port);
      made.values.push_back({.name = short_name(full), .number = port, .full_name = full});
    }
    return made;
  }();
  return list;
}

}  // namespace mmm::dashboard::query
