#include "core/base/limits.h"
#include "core/mesh/node_id.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/python/python_api.h"

#include <charconv>

// Who hears whom: topology, connections, routes.
namespace mmm::dashboard::python {
namespace {

constexpr std::uint64_t kHoursDefault = 24;
// The newest traceroutes, among which those that are asked for are looked for.
constexpr std::size_t kRoutesMax = 1000;

// The Python version's grades.
double link_quality(double snr) {
  if (snr > 10) return 1.0;
  if (snr > 0) return 0.8;
  return snr > -10 ? 0.5 : 0.2;
}

Result<double> read_quality(const http::Request& request) {
  const auto text = request.query_value("min_quality");
  double number = 0;
  if (!text) return number;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size() || !(number >= 0 && number <= 1)) {
    return fail(ErrorKind::kInvalidArgument, "min_quality must be a number from 0 to 1.");
  }
  return number;
}

struct LinkQuery {
  std::int64_t since_us = 0;
  std::string agent_id;
  double min_quality = 0;
};

void write_names(JsonWriter& json, std::string_view end, const index::NodeRow* node) {
  json.text_field(fmt::format("{}_name", end), node == nullptr ? "" : node->short_name);
  json.text_field(fmt::format("{}_long_name", end), node == nullptr ? "" : node->long_name);
}

// A node that an agent's radio hears without a relay between.
Result<> write_connection(JsonWriter& json, Names& names, const index::NodeRow& node, const index::HeardByRow& row,
                          double min_quality) {
  const index::AgentRow* agent = names.agent(row.agent);
  if (!row.snr || agent == nullptr || !agent->radio.radio_num || link_quality(*row.snr) < min_quality) return {};
  auto radio = names.node(*agent->radio.radio_num);
  if (!radio) return fail(radio.error());
  json.begin_object().field("from_node_id", mesh::format_node_id(node.num));
  json.field("to_node_id", mesh::format_node_id(*agent->radio.radio_num)).field("agent_id", row.agent_id);
  json.field("snr", row.snr).field("rssi", row.rssi).field("link_quality", link_quality(*row.snr));
  write_time(json, "first_seen", node.first_heard_us);
  write_time(json, "last_seen", row.last_us);
  json.field("packet_count", row.receptions);
  write_names(json, "from", &node);
  write_names(json, "to", *radio);
  json.text_field("agent_location", agent->location_name).end_object();
  return {};
}

Result<http::Response> answer_connections(index::IndexReader& reader, const LinkQuery& query,
                                          const AnswerOptions& options) {
  auto names = Names::load(reader);
  if (!names) return fail(names.error());
  JsonWriter json;
  Result<> written;
  json.begin_object().key("connections").begin_array();
  const auto write = [&](const index::NodeRow& node, const std::vector<index::HeardByRow>& heard) {
    for (const index::HeardByRow& row : heard) {
      if (written) written = write_connection(json, *names, node, row, query.min_quality);
    }
  };
  auto done = for_heard_nodes(reader, query.since_us, query.agent_id, limits::kPageRowsMax, write);
  if (!done) return fail(done.error());
  if (!written) return fail(written.error());
  json.end_array().end_object();
  return answer(json, options);
}

void write_topology(JsonWriter& json, const Names& names, const index::NodeRow& node,
                    const std::vector<index::HeardByRow>& heard) {
  json.begin_object().field("node_id", mesh::format_node_id(node.num));
  json.text_field("short_name", node.short_name).text_field("long_name", node.long_name);
  json.text_field("hw_model", Names::hw_model(&node)).key("agents").begin_object();
  for (const index::HeardByRow& row : heard) {
    const index::AgentRow* agent = names.agent(row.agent);
    json.key(row.agent_id).begin_object().field("agent_id", row.agent_id);
    json.text_field("agent_location", agent == nullptr ? "" : agent->location_name);
    json.field("hops_away", row.hops ? row.hops : node.hops_away).field("snr", row.snr).field("rssi", row.rssi);
    write_time(json, "last_heard", row.last_us);
    write_time(json, "timestamp", row.last_us);
    json.end_object();
  }
  json.end_object().end_object();
}

struct RouteQuery {
  std::int64_t since_us = 0;
  std::string agent_id;
  std::optional<std::uint32_t> source;
  std::optional<std::uint32_t> target;
};

Result<RouteQuery> read_route_query(const http::Request& request, std::int64_t now_us) {
  RouteQuery query;
  auto since = read_since(request, now_us, kHoursDefault);
  if (!since) return fail(since.error());
  auto source = read_node(request, "source_node");
  if (!source) return fail(source.error());
  auto target = read_node(request, "target_node");
  if (!target) return fail(target.error());
  query.since_us = *since;
  query.source = *source;
  query.target = *target;
  query.agent_id = request.query_value("agent_id").value_or("");
  return query;
}

Result<> write_route(JsonWriter& json, Names& names, const index::TracerouteRow& route) {
  const index::AgentRow* agent = names.agent(route.agent);
  auto source = names.node(route.from);
  if (!source) return fail(source.error());
  auto target = names.node(route.to);
  if (!target) return fail(target.error());
  json.begin_object().field("discovery_id", std::to_string(route.packet));
  json.field("source_node_id", mesh::format_node_id(route.from));
  json.field("target_node_id", mesh::format_node_id(route.to));
  json.text_field("agent_id", agent == nullptr ? "" : agent->id);
  json.key("route_path").begin_array().value(mesh::format_node_id(route.from));
  for (const std::uint32_t node : route.route) json.value(mesh::format_node_id(node));
  json.value(mesh::format_node_id(route.to)).end_array();
  json.field("hop_count", route.route.size() + 1).key("total_time_ms").null();
  write_time(json, "discovery_timestamp", route.time_us);
  write_time(json, "response_timestamp", route.time_us);
  json.field("success", true);
  write_names(json, "source", *source);
  write_names(json, "target", *target);
  json.text_field("agent_location", agent == nullptr ? "" : agent->location_name).end_object();
  return {};
}

Result<http::Response> answer_routes(index::IndexReader& reader, const RouteQuery& query,
                                     const AnswerOptions& options) {
  auto names = Names::load(reader);
  if (!names) return fail(names.error());
  auto routes = reader.traceroutes(
      {.limit = kRoutesMax, .node = query.source ? query.source : query.target, .replies_only = true});
  if (!routes) return fail(routes.error());
  JsonWriter json;
  json.begin_object().key("routes").begin_array();
  for (const index::TracerouteRow& route : *routes) {
    const index::AgentRow* agent = names->agent(route.agent);
    if (route.time_us < query.since_us) continue;
    if (query.source && route.from != *query.source) continue;
    if (query.target && route.to != *query.target) continue;
    if (!query.agent_id.empty() && (agent == nullptr || agent->id != query.agent_id)) continue;
    if (auto written = write_route(json, *names, route); !written) return fail(written.error());
  }
  json.end_array().end_object();
  return answer(json, options);
}

}  // namespace

boost::asio::awaitable<http::Response> get_topology(Api& api, http::Request& request) {
  auto since = read_since(request, to_micros(api.time.wall()), kHoursDefault);
  if (!since) co_return bad_request(since.error());
  HeardNodesQuery query{.since_us = *since,
                        .agent_id = std::string(request.query_value("agent_id").value_or("")),
                        .limit = limits::kPageRowsMax};
  co_return co_await answer_heard_nodes(api, request, std::move(query), "topology", write_topology);
}

boost::asio::awaitable<http::Response> get_connections(Api& api, http::Request& request) {
  auto since = read_since(request, to_micros(api.time.wall()), kHoursDefault);
  if (!since) co_return bad_request(since.error());
  auto quality = read_quality(request);
  if (!quality) co_return bad_request(quality.error());
  const LinkQuery query{.since_us = *since,
                        .agent_id = std::string(request.query_value("agent_id").value_or("")),
                        .min_quality = *quality};
  auto job = [query, options = AnswerOptions(request)](index::IndexReader& reader) {
    return answer_connections(reader, query, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_routes(Api& api, http::Request& request) {
  auto query = read_route_query(request, to_micros(api.time.wall()));
  if (!query) co_return bad_request(query.error());
  auto job = [query = *query, options = AnswerOptions(request)](index::IndexReader& reader) {
    return answer_routes(reader, query, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard::python
