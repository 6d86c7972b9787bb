#include "core/base/time.h"
#include "core/mesh/node_id.h"
#include "core/python/entry_parts.h"

// What an agent or its radio remembers of a node.
namespace mmm::python {
namespace {

Result<std::uint32_t> required_node(std::optional<std::string_view> id) {
  const auto num = node_number(id);
  if (num && *num != 0 && !mesh::is_broadcast(*num)) return *num;
  return fail(ErrorKind::kMalformed, "'{}' is not the id of a node", id.value_or("").substr(0, 40));
}

std::uint32_t to_seconds(std::optional<std::string_view> iso) {
  const auto time = iso ? parse_iso8601(*iso) : std::nullopt;
  if (!time) return 0;
  const std::int64_t seconds = to_micros(*time) / 1'000'000;
  return seconds > 0 && seconds <= UINT32_MAX ? static_cast<std::uint32_t>(seconds) : 0;
}

// [latitude, longitude]
void read_place(json::object& object, mesh::NodeInfo& info) {
  auto place = array(object, "position");
  if (!place) return;
  double degrees[2] = {0, 0};
  std::size_t count = 0;
  for (auto element : *place) {
    json::value value;
    if (count == std::size(degrees) || element.get(value) != simdjson::SUCCESS) break;
    degrees[count++] = to_number(value).value_or(0);
  }
  set_place(degrees[0], degrees[1], *info.mutable_position());
}

void read_known_position(json::object& position, mesh::NodeInfo& info) {
  mesh::Position& out = *info.mutable_position();
  set_place(number(position, "latitude").value_or(0), number(position, "longitude").value_or(0), out);
  const auto altitude = integer<std::int32_t>(position, "altitude");
  if (altitude.value_or(0) != 0) out.set_altitude(*altitude);
  out.set_time(integer<std::uint32_t>(position, "time").value_or(0));
}

}  // namespace

Result<mesh::NodeInfo> read_node_status(json::object entry) {
  auto num = required_node(text(entry, "node_id"));
  if (!num) return fail(num.error());
  mesh::NodeInfo info;
  info.set_num(*num);
  info.set_last_heard(to_seconds(text(entry, "last_seen")));
  read_place(entry, info);
  if (const auto battery = integer<std::uint32_t>(entry, "battery_level")) {
    info.mutable_device_metrics()->set_battery_level(*battery);
  }
  return info;
}

Result<mesh::NodeInfo> read_node_list_entry(json::object entry) {
  for (auto member : entry) {
    std::string_view id;
    json::object node;
    if (member.unescaped_key().get(id) != simdjson::SUCCESS) break;
    auto num = required_node(id);
    if (!num) return fail(num.error());
    if (member.value().get_object().get(node) != simdjson::SUCCESS) break;
    mesh::NodeInfo info;
    info.set_num(*num);
    info.set_last_heard(integer<std::uint32_t>(node, "lastHeard").value_or(0));
    info.set_is_favorite(is_true(node, "isFavorite"));
    if (const auto hops = integer<std::uint32_t>(node, "hopsAway")) info.set_hops_away(*hops);
    if (auto user = child(node, "user")) read_user(*user, *info.mutable_user());
    if (auto position = child(node, "position")) read_known_position(*position, info);
    if (auto metrics = child(node, "deviceMetrics")) read_numbers(*metrics, *info.mutable_device_metrics());
    return info;
  }
  return fail(ErrorKind::kMalformed, "the entry of a node list is not a node's id with an object");
}

}  // namespace mmm::python
