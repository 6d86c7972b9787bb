#include "core/store/index/node_filter.h"

#include <fmt/format.h>

#include <algorithm>

namespace mmm::index {
namespace {

// A battery that says more than this is none: the radio has mains.
constexpr int kBatteryPercentMax = 100;

const char* column_of(NodeField field) {
  switch (field) {
    case NodeField::kNumber:
      return "num";
    case NodeField::kRole:
      return "role";
    case NodeField::kHardware:
      return "hw_model";
    case NodeField::kHops:
      return "hops_away";
    case NodeField::kSnr:
      return "snr";
    case NodeField::kRssi:
      return "rssi";
    case NodeField::kBattery:
      return "battery_level";
    case NodeField::kVoltage:
      return "CAST(round(voltage * 1000) AS INTEGER)";
    case NodeField::kChannelUse:
      return "CAST(round(channel_utilization * 100) AS INTEGER)";
    case NodeField::kAirUse:
      return "CAST(round(air_util_tx * 100) AS INTEGER)";
    case NodeField::kUptime:
      return "uptime_seconds";
    case NodeField::kAltitude:
      return "altitude";
    case NodeField::kPackets:
      return "packets";
    case NodeField::kLastHeard:
      return "last_heard_us";
    case NodeField::kFirstHeard:
      return "first_heard_us";
    case NodeField::kAgent:
    case NodeField::kTrait:
    case NodeField::kText:
      break;
  }
  return "NULL";
}

std::string in_range(ConditionWriter& writer, NodeField field, const ValueRange& range) {
  if (field == NodeField::kAgent) {
    return fmt::format("EXISTS(SELECT 1 FROM heard_by WHERE heard_by.node = num AND {})",
                       writer.in_range("heard_by.agent", range));
  }
  // 0 stands for never.
  const std::int64_t least = field == NodeField::kLastHeard ? 1 : range.min;
  return writer.in_range(column_of(field), {std::max(range.min, least), range.max});
}

std::string sql_of(ConditionWriter& writer, NodeTrait trait, std::int64_t online_since_us) {
  switch (trait) {
    case NodeTrait::kOnline:
      return fmt::format("last_heard_us >= {}", writer.add(online_since_us));
    case NodeTrait::kHeard:
      return "last_heard_us > 0";
    case NodeTrait::kPlaced:
      return "latitude_i IS NOT NULL";
    case NodeTrait::kNamed:
      return "long_name <> '' OR short_name <> ''";
    case NodeTrait::kKeyed:
      return "public_key <> x''";
    case NodeTrait::kLicensed:
      return "is_licensed <> 0";
    case NodeTrait::kDirect:
      return "hops_away = 0";
    case NodeTrait::kPowered:
      return fmt::format("battery_level > {}", kBatteryPercentMax);
    case NodeTrait::kViaMqtt:
      return "via_mqtt <> 0";
  }
  return "0";
}

// An id is made for each node that is looked at, so only for a text that can be part of one.
bool may_be_of_id(std::string_view text) {
  constexpr std::size_t kIdSize = 9;  // "!a1b2c3d4"
  return text.size() <= kIdSize && text.find_first_not_of("!0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string contains(ConditionWriter& writer, const std::string& text) {
  std::string any = writer.contains("long_name", text);
  any += " OR " + writer.contains("short_name", text);
  if (may_be_of_id(text)) any += " OR " + writer.contains("printf('!%08x', num)", text);
  return any;
}

}  // namespace

std::string sql_condition(const NodeFilter& filter, std::vector<SqlValue>& values) {
  ConditionWriter writer(values);
  return writer.all(
      filter.terms, [&](NodeField field, const ValueRange& range) { return in_range(writer, field, range); },
      [&](NodeTrait trait) { return sql_of(writer, trait, filter.online_since_us); },
      [&](const std::string& text) { return contains(writer, text); });
}

}  // namespace mmm::index
