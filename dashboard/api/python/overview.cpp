#include "core/base/limits.h"
#include "core/store/index/index_writer.h"
#include "dashboard/api/answer.h"
#include "dashboard/api/python/python_api.h"

#include <map>

// Agents, figures, the map's start.
namespace mmm::dashboard::python {
namespace {

// Nodes that are counted as active at most; each page of them is read from the index.
constexpr std::size_t kActiveNodesMax = 10'000;

bool is_active(const index::AgentRow& agent, std::int64_t now_us) {
  return now_us - agent.last_upload_us < kHourUs;
}

void write_agent_fields(JsonWriter& json, const index::AgentRow& agent, std::int64_t now_us) {
  json.field("agent_id", agent.id).text_field("location_name", agent.location_name);
  json.key("coordinates").begin_array().value(agent.latitude).value(agent.longitude).end_array();
  write_time(json, "last_seen", agent.last_upload_us);
  json.field("packet_count", agent.receptions).field("status", is_active(agent, now_us) ? "active" : "inactive");
}

Result<std::uint64_t> count_active_nodes(index::IndexReader& reader, std::int64_t since_us) {
  index::NodeQuery query{
      .limit = limits::kPageRowsMax, .order = index::NodeOrder::kHeard, .after_num = {}, .heard_since_us = since_us};
  std::uint64_t count = 0;
  while (count < kActiveNodesMax) {
    auto page = reader.nodes(query);
    if (!page) return fail(page.error());
    count += page->size();
    if (page->size() < query.limit) break;
    query.after_num = page->back().num;
    query.after_heard_us = page->back().last_heard_us.value_or(0);
  }
  return count;
}

Result<http::Response> answer_agent_status(index::IndexReader& reader, std::string_view id, std::int64_t now_us,
                                           const AnswerOptions& options) {
  auto num = reader.agent_number(id);
  if (!num) return fail(num.error());
  if (!*num) return http::problem(404, "No such agent", "No agent of that id has uploaded anything.");
  auto agent = reader.agent(**num);
  if (!agent) return fail(agent.error());
  if (!*agent) return http::problem(404, "No such agent", "No agent of that id has uploaded anything.");
  std::uint64_t active = 0;
  auto counted = for_heard_nodes(reader, now_us - kHourUs, id, limits::kPageRowsMax,
                                 [&active](const auto&, const auto&) { ++active; });
  if (!counted) return fail(counted.error());
  JsonWriter json;
  json.begin_object();
  write_agent_fields(json, **agent, now_us);
  json.field("active_nodes", active);
  // The Python version has a sample for each upload; here there is the present alone.
  json.key("recent_health").begin_array().begin_object();
  write_time(json, "timestamp", (*agent)->last_upload_us);
  json.field("packets_received", (*agent)->receptions).field("nodes_active", active);
  json.field("connection_status", is_active(**agent, now_us) ? "connected" : "disconnected");
  json.end_object().end_array().end_object();
  return answer(json, options);
}

}  // namespace

boost::asio::awaitable<http::Response> get_agents(Api& api, http::Request& request) {
  auto job = [now_us = to_micros(api.time.wall()),
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto agents = reader.agents(limits::kPageRowsMax);
    if (!agents) return fail(agents.error());
    std::ranges::sort(*agents, std::ranges::greater{}, &index::AgentRow::last_upload_us);
    JsonWriter json;
    json.begin_object().key("agents").begin_array();
    for (const index::AgentRow& agent : *agents) {
      json.begin_object();
      write_agent_fields(json, agent, now_us);
      json.end_object();
    }
    json.end_array().end_object();
    return answer(json, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_agent_status(Api& api, http::Request& request) {
  auto job = [id = std::string(request.param("id")), now_us = to_micros(api.time.wall()),
              options = AnswerOptions(request)](index::IndexReader& reader) {
    return answer_agent_status(reader, id, now_us, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_stats(Api& api, http::Request& request) {
  auto job = [now_us = to_micros(api.time.wall()),
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto stats = reader.stats(now_us);
    if (!stats) return fail(stats.error());
    auto agents = reader.agents(limits::kPageRowsMax);
    if (!agents) return fail(agents.error());
    auto nodes_active = count_active_nodes(reader, now_us - kHourUs);
    if (!nodes_active) return fail(nodes_active.error());
    const auto active =
        std::ranges::count_if(*agents, [now_us](const auto& agent) { return is_active(agent, now_us); });
    std::map<std::string_view, std::uint64_t> types;
    for (const index::PortTraffic& port : stats->ports) types[type_name(port.port)] += port.packets;
    JsonWriter json;
    json.begin_object();
    json.key("agents").begin_object().field("total", stats->agents).field("active", active).end_object();
    json.key("packets").begin_object();
    json.field("total", stats->counters[static_cast<std::size_t>(index::Counter::kPackets)]);
    json.field("recent_hour", stats->last_hour.packets).end_object();
    json.key("nodes").begin_object().field("total", stats->nodes).field("active", *nodes_active).end_object();
    json.key("packet_types").begin_array();
    for (const auto& [type, count] : types) {
      json.begin_object().field("type", type).field("count", count).end_object();
    }
    json.end_array().end_object();
    return answer(json, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_map_config(Api& api, http::Request& request) {
  const MapStart& map = api.options.map;
  JsonWriter json;
  json.begin_object().field("center_lat", map.latitude).field("center_lon", map.longitude);
  json.field("zoom_level", map.zoom).field("force_center", map.force).end_object();
  co_return answer(json, AnswerOptions(request));
}

}  // namespace mmm::dashboard::python
