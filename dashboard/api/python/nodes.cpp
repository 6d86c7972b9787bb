#include "core/base/limits.h"
#include "core/mesh/node_id.h"
#include "core/mesh/telemetry.pb.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/python/python_api.h"

#include <google/protobuf/descriptor.h>

// Nodes: the lists and one node's details.
namespace mmm::dashboard::python {
namespace {

constexpr std::uint64_t kHoursDefault = 72;
constexpr std::uint64_t kNodesDefault = 500;
constexpr std::size_t kTelemetryMax = 50;
constexpr std::size_t kNeighborsMax = 20;
constexpr std::uint32_t kKindDevice = 2;  // field of Telemetry's variant

void write_device(JsonWriter& json, const index::DeviceMetrics& metrics) {
  json.field("voltage", metrics.voltage).field("channel_utilization", metrics.channel_utilization);
  json.field("air_util_tx", metrics.air_util_tx).field("uptime_seconds", metrics.uptime_seconds);
}

void write_node_fields(JsonWriter& json, const index::NodeRow& node) {
  json.field("node_id", mesh::format_node_id(node.num));
  json.text_field("short_name", node.short_name).text_field("long_name", node.long_name);
  // The index does not keep the address: newer firmware sends none.
  json.key("macaddr").null();
  json.text_field("hw_model", Names::hw_model(&node)).text_field("role", Names::role(&node));
  json.field("battery_level", node.metrics.battery_level);
  write_place(json, "position", node.position);
  json.field("rssi", node.rssi).field("snr", node.snr);
  write_time(json, "updated_at", node.last_heard_us);
  write_device(json, node.metrics);
  json.field("hops_away", node.hops_away);
}

std::vector<std::string> locations_of(const Names& names, const std::vector<index::HeardByRow>& heard) {
  std::vector<std::string> locations;
  for (const index::HeardByRow& row : heard) {
    const index::AgentRow* agent = names.agent(row.agent);
    locations.push_back(agent == nullptr || agent->location_name.empty() ? row.agent_id : agent->location_name);
  }
  return locations;
}

void write_detailed(JsonWriter& json, const Names& names, const index::NodeRow& node,
                    const std::vector<index::HeardByRow>& heard) {
  json.begin_object();
  write_node_fields(json, node);
  json.field("packet_count", node.packets).field("agent_count", heard.size());
  json.key("seeing_agents").begin_array();
  for (const std::string& location : locations_of(names, heard)) json.value(location);
  json.end_array();
  json.key("agent_routes").begin_object().end_object();
  json.key("recent_packets").begin_array().end_array();
  json.end_object();
}

void write_telemetry(JsonWriter& json, const index::TelemetryRow& row) {
  const auto* field = mesh::Telemetry::descriptor()->FindFieldByNumber(static_cast<int>(row.kind));
  json.begin_object();
  write_time(json, "timestamp", row.time_us);
  json.field("type", "telemetry").key("payload").begin_object();
  json.key(field == nullptr ? std::string_view("unknown") : std::string_view(field->name()));
  if (row.kind == kKindDevice) {
    json.begin_object().field("battery_level", row.device.battery_level);
    write_device(json, row.device);
    json.end_object();
  } else {
    json.raw(row.metrics.empty() ? "{}" : row.metrics);
  }
  json.end_object().end_object();
}

// Radios of agents that heard the node without a relay between.
Result<> write_neighbors(JsonWriter& json, Names& names, const std::vector<index::HeardByRow>& heard) {
  std::size_t count = 0;
  json.key("neighbors").begin_array();
  for (const index::HeardByRow& row : heard) {
    const index::AgentRow* agent = names.agent(row.agent);
    if (!row.snr || agent == nullptr || !agent->radio.radio_num || ++count > kNeighborsMax) continue;
    auto node = names.node(*agent->radio.radio_num);
    if (!node) return fail(node.error());
    json.begin_object().field("node_id", mesh::format_node_id(*agent->radio.radio_num));
    json.field("display_name", Names::display(*agent->radio.radio_num, *node));
    json.field("avg_rssi", row.rssi).field("avg_snr", row.snr).field("packet_count", row.receptions);
    write_time(json, "last_contact", row.last_us);
    json.end_object();
  }
  json.end_array();
  return {};
}

std::string join(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, ","));
}

Result<http::Response> answer_details(index::IndexReader& reader, std::uint32_t num, std::int64_t since_us,
                                      const AnswerOptions& options) {
  auto node = reader.node(num);
  if (!node) return fail(node.error());
  if (!*node) return http::problem(404, "No such node", "Nothing is known of that node.");
  auto detail = reader.node_detail(num);
  if (!detail) return fail(detail.error());
  auto names = Names::load(reader);
  if (!names) return fail(names.error());
  JsonWriter json;
  json.begin_object();
  write_node_fields(json, **node);
  for (const char* name : {"firmware_version", "region", "modem_preset"}) json.key(name).null();
  json.key("packet_stats").begin_object().field("total_packets", (*node)->packets);
  json.field("seeing_agents", detail->heard_by.size());
  json.field("agent_locations", join(locations_of(*names, detail->heard_by)));
  write_time(json, "first_seen", (*node)->first_heard_us);
  write_time(json, "last_seen", (*node)->last_heard_us);
  json.end_object();
  json.key("telemetry").begin_array();
  std::size_t shown = 0;
  for (const index::TelemetryRow& row : detail->telemetry) {
    if (row.time_us >= since_us && shown++ < kTelemetryMax) write_telemetry(json, row);
  }
  json.end_array();
  if (auto written = write_neighbors(json, *names, detail->heard_by); !written) return fail(written.error());
  json.end_object();
  return answer(json, options);
}

// The names from each change on, newest first; the Python version wrote the new names, too.
void write_name_history(JsonWriter& json, const std::vector<index::IdentityChangeRow>& changes) {
  struct Names {
    std::string short_name;
    std::string long_name;
    std::int64_t time_us = 0;
  };
  std::vector<Names> history;
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    const bool is_long = change->field == index::IdentityField::kLongName;
    if (!is_long && change->field != index::IdentityField::kShortName) continue;
    if (history.empty() || history.back().time_us != change->time_us) {
      history.push_back(history.empty() ? Names{} : history.back());
      history.back().time_us = change->time_us;
    }
    (is_long ? history.back().long_name : history.back().short_name) = change->value;
  }
  json.key("history").begin_array();
  for (auto names = history.rbegin(); names != history.rend(); ++names) {
    json.begin_object().text_field("short_name", names->short_name).text_field("long_name", names->long_name);
    write_time(json, "changed_at", names->time_us);
    json.key("changed_by_agent").null().end_object();
  }
  json.end_array();
}

// A row for each agent that heard the node.
void write_receptions(JsonWriter& json, const Names& names, const index::NodeRow& node,
                      const std::vector<index::HeardByRow>& heard) {
  for (const index::HeardByRow& row : heard) {
    const index::AgentRow* agent = names.agent(row.agent);
    json.begin_object().field("node_id", mesh::format_node_id(node.num)).field("agent_id", row.agent_id);
    json.text_field("agent_location", agent == nullptr ? "" : agent->location_name);
    write_time(json, "last_seen", row.last_us);
    json.field("battery_level", node.metrics.battery_level);
    write_place(json, "position", node.position);
    json.field("rssi", row.rssi).field("snr", row.snr);
    write_time(json, "updated_at", row.last_us);
    json.end_object();
  }
}

}  // namespace

boost::asio::awaitable<http::Response> get_nodes(Api& api, http::Request& request) {
  auto since = read_since(request, to_micros(api.time.wall()), kHoursDefault);
  if (!since) co_return bad_request(since.error());
  HeardNodesQuery query{.since_us = *since,
                        .agent_id = std::string(request.query_value("agent_id").value_or("")),
                        .limit = limits::kPageRowsMax};
  co_return co_await answer_heard_nodes(api, request, std::move(query), "nodes", write_receptions);
}

boost::asio::awaitable<http::Response> get_detailed_nodes(Api& api, http::Request& request) {
  auto since = read_since(request, to_micros(api.time.wall()), kHoursDefault);
  if (!since) co_return bad_request(since.error());
  auto limit = read_number(request, "limit", kNodesDefault, limits::kPageRowsMax);
  if (!limit) co_return bad_request(limit.error());
  HeardNodesQuery query{
      .since_us = *since, .agent_id = std::string(request.query_value("agent_id").value_or("")), .limit = *limit};
  co_return co_await answer_heard_nodes(api, request, std::move(query), "nodes", write_detailed);
}

boost::asio::awaitable<http::Response> get_node_details(Api& api, http::Request& request) {
  auto num = parse_node("The node", request.param("id"));
  if (!num) co_return bad_request(num.error());
  auto since = read_since(request, to_micros(api.time.wall()), kHoursDefault);
  if (!since) co_return bad_request(since.error());
  auto job = [num = *num, since = *since, options = AnswerOptions(request)](index::IndexReader& reader) {
    return answer_details(reader, num, since, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_name_history(Api& api, http::Request& request) {
  auto num = parse_node("The node", request.param("id"));
  if (!num) co_return bad_request(num.error());
  auto job = [num = *num, options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto node = reader.node(num);
    if (!node) return fail(node.error());
    if (!*node) return http::problem(404, "No such node", "Nothing is known of that node.");
    JsonWriter json;
    json.begin_object().field("node_id", mesh::format_node_id(num));
    json.text_field("current_short_name", (*node)->short_name).text_field("current_long_name", (*node)->long_name);
    auto changes = reader.identity_changes(num, limits::kPageRowsMax);
    if (!changes) return fail(changes.error());
    write_name_history(json, *changes);
    json.end_object();
    return answer(json, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard::python
