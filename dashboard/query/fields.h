#pragma once

#include "core/store/index/packet_filter.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What the filter language knows: its fields, the names of ports, and what a packet can be.
namespace mmm::dashboard::query {

enum class FieldKind : std::uint8_t {
  kNode,    // an id or a name
  kPort,    // a name, a number, none
  kNumber,  // compared and ranged
  kTime,    // a moment
  kTrait,   // a word of trait_names()
  kAgent,   // an agent's id
};
const char* to_string(FieldKind kind);

// What a time says of the log ids.
enum class TimeSide : std::uint8_t { kSince, kUntil };

struct Field {
  std::string_view name;
  FieldKind kind = FieldKind::kNumber;
  index::PacketField field = index::PacketField::kId;
  std::string_view unit;     // of numbers; may be empty
  std::string_view meaning;  // one line for people
  std::string_view example;
  // Of numbers: stored is the value times this.
  std::int64_t scale = 1;
  TimeSide side = TimeSide::kSince;
};

std::span<const Field> fields();
// Null: there is none of that name. Any case.
const Field* find_field(std::string_view name);

struct PortName {
  std::string name;  // as the language writes it: "text", "position"
  std::uint32_t port = 0;
  std::string full_name;  // as the protocol does: "TEXT_MESSAGE_APP"
};
// Every port that has a name, by number.
const std::vector<PortName>& port_names();
// By either name, in any case, or a number; "none" is index::kPortNotDecoded.
std::optional<std::int64_t> find_port(std::string_view text);

struct TraitName {
  std::string_view name;
  index::PacketTrait trait = index::PacketTrait::kHeard;
  std::string_view meaning;
};
std::span<const TraitName> trait_names();
std::optional<index::PacketTrait> find_trait(std::string_view name);

}  // namespace mmm::dashboard::query
