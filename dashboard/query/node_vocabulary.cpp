#include "dashboard/query/node_vocabulary.h"

#include "core/base/ascii.h"
#include "core/mesh/names.h"

namespace mmm::dashboard::query {
namespace {

using index::NodeField;
using index::NodeTrait;

constexpr std::int64_t kCenti = 100;
constexpr std::int64_t kMilli = 1000;
constexpr std::int64_t kHour = 3600;  // in seconds

constexpr std::uint8_t code(NodeField field) {
  return static_cast<std::uint8_t>(field);
}
constexpr std::uint8_t code(NodeTrait trait) {
  return static_cast<std::uint8_t>(trait);
}

constexpr Field kFields[] = {
    {"node", FieldKind::kNode, code(NodeField::kNumber), "", "the node", "node:!a1b2c3d4"},
    {.name = "role",
     .kind = FieldKind::kName,
     .code = code(NodeField::kRole),
     .unit = "",
     .meaning = "what it does in the mesh",
     .example = "role:router,router_late",
     .names = role_names},
    {.name = "hardware",
     .kind = FieldKind::kName,
     .code = code(NodeField::kHardware),
     .unit = "",
     .meaning = "its model",
     .example = "hardware:heltec_v3",
     .names = hardware_names},
    {"is", FieldKind::kTrait, code(NodeField::kTrait), "", "what the node is", "is:online"},
    {"agent", FieldKind::kAgent, code(NodeField::kAgent), "", "an agent that heard it over the air", "agent:site-7"},
    {"hops", FieldKind::kNumber, code(NodeField::kHops), "", "how many hops away from the nearest agent", "hops:<3"},
    {"snr", FieldKind::kNumber, code(NodeField::kSnr), "dB", "SNR of its newest direct reception", "snr:>-5", kCenti},
    {"rssi", FieldKind::kNumber, code(NodeField::kRssi), "dBm", "RSSI of its newest direct reception", "rssi:>=-110"},
    {"battery", FieldKind::kNumber, code(NodeField::kBattery), "%", "charge of its battery; above 100 it has mains",
     "battery:<20"},
    {"voltage", FieldKind::kNumber, code(NodeField::kVoltage), "V", "of its battery", "voltage:<3.5", kMilli},
    {"channel_use", FieldKind::kNumber, code(NodeField::kChannelUse), "%", "how busy it finds the channel",
     "channel_use:>25", kCenti},
    {"air_use", FieldKind::kNumber, code(NodeField::kAirUse), "%", "how much of the time it transmits", "air_use:>5",
     kCenti},
    {"uptime", FieldKind::kNumber, code(NodeField::kUptime), "h", "since it started", "uptime:<1", kHour},
    {"altitude", FieldKind::kNumber, code(NodeField::kAltitude), "m", "above the sea", "altitude:>500"},
    {"packets", FieldKind::kNumber, code(NodeField::kPackets), "", "that it sent, over the air", "packets:>1000"},
    {"since", FieldKind::kTime, code(NodeField::kLastHeard), "", "last heard then or later", "since:2h"},
    {"until", FieldKind::kTime, code(NodeField::kLastHeard), "", "last heard before that", "until:7d", 1,
     TimeSide::kUntil},
    {"new", FieldKind::kTime, code(NodeField::kFirstHeard), "", "first heard then or later", "new:1d"},
};

constexpr TraitName kTraits[] = {
    {"online", code(NodeTrait::kOnline), "heard within two hours", true},
    {"heard", code(NodeTrait::kHeard), "heard over the air at any time"},
    {"direct", code(NodeTrait::kDirect), "heard without another node between"},
    {"placed", code(NodeTrait::kPlaced), "its position is known"},
    {"named", code(NodeTrait::kNamed), "its name is known"},
    {"keyed", code(NodeTrait::kKeyed), "its public key is known"},
    {"licensed", code(NodeTrait::kLicensed), "an amateur radio station"},
    {"powered", code(NodeTrait::kPowered), "runs on mains"},
    {"via_mqtt", code(NodeTrait::kViaMqtt), "its newest packet crossed MQTT"},
};

NameList list_of(std::string_view what, const std::vector<mesh::NamedNumber>& numbers) {
  NameList list{.what = what};
  for (const mesh::NamedNumber& number : numbers) {
    list.values.push_back({.name = ascii_lower(number.name), .number = number.number, .full_name = number.name});
  }
  return list;
}

}  // namespace

const Vocabulary& node_vocabulary() {
  static const Vocabulary vocabulary{
      .subject = "node", .fields = kFields, .traits = kTraits, .text_code = code(NodeField::kText)};
  return vocabulary;
}

const NameList& role_names() {
  static const NameList list = list_of("role", mesh::role_names());
  return list;
}

const NameList& hardware_names() {
  static const NameList list = list_of("hardware model", mesh::hardware_names());
  return list;
}

}  // namespace mmm::dashboard::query
