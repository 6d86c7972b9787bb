#include "core/store/index/packet_filter.h"

#include "core/base/ascii.h"
#include "core/store/index/row_codec.h"

#include <algorithm>

namespace mmm::index {
namespace {

std::uint32_t flag_of(PacketTrait trait) {
  switch (trait) {
    case PacketTrait::kReplay:
      return kReplay;
    case PacketTrait::kMqtt:
      return kMqtt;
    case PacketTrait::kOwn:
      return kOwn;
    case PacketTrait::kEncrypted:
      return kEncrypted;
    case PacketTrait::kDecrypted:
      return kDecrypted;
    case PacketTrait::kPki:
      return kPki;
    case PacketTrait::kWantAck:
      return kWantAck;
    case PacketTrait::kViaMqtt:
      return kViaMqtt;
    case PacketTrait::kUdp:
      return kUdp;
    case PacketTrait::kDirect:
    case PacketTrait::kBroadcast:
    case PacketTrait::kDecoded:
    case PacketTrait::kHeard:
      break;
  }
  return 0;
}

bool has(const PacketRow& packet, PacketTrait trait) {
  switch (trait) {
    case PacketTrait::kDirect:
      return packet.to != kBroadcastNode;
    case PacketTrait::kBroadcast:
      return packet.to == kBroadcastNode;
    case PacketTrait::kDecoded:
      return packet.port.has_value();
    case PacketTrait::kHeard:
      return (packet.flags & kNotHeard) == 0;
    default:
      return (packet.flags & flag_of(trait)) != 0;
  }
}

template <class Integer>
std::optional<std::int64_t> widen(std::optional<Integer> value) {
  if (!value) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

// Of the fields that are one number.
std::optional<std::int64_t> value_of(const PacketRow& packet, PacketField field) {
  switch (field) {
    case PacketField::kId:
      return static_cast<std::int64_t>(packet.id);
    case PacketField::kFrom:
      return packet.from;
    case PacketField::kTo:
      return packet.to;
    case PacketField::kPort:
      return packet.port ? std::int64_t{*packet.port} : kPortNotDecoded;
    case PacketField::kHops:
      return widen(packet.hops);
    case PacketField::kSnr:
      return to_centi(packet.best_snr);
    case PacketField::kRssi:
      return widen(packet.best_rssi);
    case PacketField::kReceptions:
      return packet.receptions;
    case PacketField::kChannel:
      return packet.channel;
    case PacketField::kSize:
      return packet.size;
    case PacketField::kAirtime:
      return widen(packet.airtime_us);
    case PacketField::kPacketId:
      return packet.packet_id;
    case PacketField::kNode:
    case PacketField::kAgent:
    case PacketField::kTrait:
    case PacketField::kText:
      break;
  }
  return std::nullopt;
}

bool in_any(const PacketTerm& term, std::optional<std::int64_t> value) {
  return value && std::ranges::any_of(term.ranges, [&](const ValueRange& range) { return range.holds(*value); });
}

bool holds(const PacketTerm& term, const PacketRow& packet, std::span<const std::int64_t> agents) {
  switch (term.field) {
    case PacketField::kNode:
      return in_any(term, packet.from) || in_any(term, packet.to);
    case PacketField::kAgent:
      return std::ranges::any_of(agents, [&](std::int64_t agent) { return in_any(term, agent); });
    case PacketField::kTrait:
      return std::ranges::any_of(term.traits, [&](PacketTrait trait) { return has(packet, trait); });
    case PacketField::kText: {
      const std::string text = ascii_lower(packet.summary);
      return std::ranges::any_of(term.texts, [&](const std::string& part) { return text.contains(ascii_lower(part)); });
    }
    default:
      return in_any(term, value_of(packet, term.field));
  }
}

const char* column_of(PacketField field) {
  switch (field) {
    case PacketField::kId:
      return "p.id";
    case PacketField::kFrom:
      return "p.from_node";
    case PacketField::kTo:
      return "p.to_node";
    case PacketField::kPort:
      return "p.port";
    case PacketField::kHops:
      return "p.hops";
    case PacketField::kSnr:
      return "p.best_snr";
    case PacketField::kRssi:
      return "p.best_rssi";
    case PacketField::kReceptions:
      return "p.receptions";
    case PacketField::kChannel:
      return "p.channel";
    case PacketField::kSize:
      return "p.size";
    case PacketField::kAirtime:
      return "p.airtime_us";
    case PacketField::kPacketId:
      return "p.packet_id";
    case PacketField::kNode:
    case PacketField::kAgent:
    case PacketField::kTrait:
    case PacketField::kText:
      break;
  }
  return "NULL";
}

std::string sql_of(PacketTrait trait) {
  switch (trait) {
    case PacketTrait::kDirect:
      return fmt::format("p.to_node <> {}", kBroadcastStored);
    case PacketTrait::kBroadcast:
      return fmt::format("p.to_node = {}", kBroadcastStored);
    case PacketTrait::kDecoded:
      return "p.port IS NOT NULL";
    case PacketTrait::kHeard:
      return fmt::format("p.flags & {} = 0", kNotHeard);
    default:
      return fmt::format("p.flags & {} <> 0", flag_of(trait));
  }
}

std::string in_range(ConditionWriter& writer, PacketField field, const ValueRange& range) {
  if (field == PacketField::kNode) {
    const std::string from = in_range(writer, PacketField::kFrom, range);
    return fmt::format("{} OR {}", from, in_range(writer, PacketField::kTo, range));
  }
  if (field == PacketField::kTo && range.holds(kBroadcastNode)) {
    const std::string others = writer.in_range(column_of(field), {std::max<std::int64_t>(range.min, 0), range.max});
    return fmt::format("{} OR {}", sql_of(PacketTrait::kBroadcast), others);
  }
  // Agents are asked for by number.
  if (field == PacketField::kAgent) return fmt::format("is_received_by(p.reception_list, {})", writer.add(range.min));
  if (field == PacketField::kPort && range == ValueRange{kPortNotDecoded, kPortNotDecoded}) return "p.port IS NULL";
  return writer.in_range(column_of(field), range);
}

}  // namespace

bool PacketFilter::asks_for(PacketField field) const {
  return std::ranges::any_of(terms, [field](const PacketTerm& term) { return term.field == field; });
}

ValueRange PacketFilter::ids() const {
  ValueRange ids{.min = 0, .max = INT64_MAX};
  for (const PacketTerm& term : terms) {
    if (term.field != PacketField::kId || term.negated || term.ranges.empty()) continue;
    ids.min = std::max(ids.min, std::ranges::min(term.ranges, {}, &ValueRange::min).min);
    ids.max = std::min(ids.max, std::ranges::max(term.ranges, {}, &ValueRange::max).max);
  }
  return ids;
}

bool matches(const PacketFilter& filter, const PacketRow& packet, std::span<const std::int64_t> agents) {
  return std::ranges::all_of(filter.terms,
                             [&](const PacketTerm& term) { return holds(term, packet, agents) != term.negated; });
}

std::string sql_condition(const PacketFilter& filter, std::vector<SqlValue>& values) {
  ConditionWriter writer(values);
  return writer.all(
      filter.terms, [&](PacketField field, const ValueRange& range) { return in_range(writer, field, range); }, sql_of,
      [&](const std::string& text) { return writer.contains("p.summary", text); });
}

}  // namespace mmm::index
