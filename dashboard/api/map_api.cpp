#include "core/base/limits.h"
#include "core/mesh/names.h"
#include "core/mesh/node_id.h"
#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/filter_parameters.h"
#include "dashboard/api/json_writer.h"
#include "dashboard/api/parameters.h"
#include "dashboard/query/resolve.h"

#include <algorithm>

// All that a map of the whole mesh shows, in one answer: rows without the names of their columns, which take more than
// half of the room of a list of nodes.
namespace mmm::dashboard {
namespace {

constexpr std::string_view kNodeColumns[] = {"id",        "short_name", "long_name",      "role",    "latitude",
                                             "longitude", "altitude",   "precision_bits", "fix_us",  "last_heard_us",
                                             "hops_away", "snr",        "battery_level",  "via_mqtt"};
constexpr std::string_view kLinkColumns[] = {"from", "to", "evidence", "count", "last_us", "snr", "rssi"};

template <std::size_t Count>
void write_columns(JsonWriter& json, std::string_view name, const std::string_view (&columns)[Count]) {
  json.key(name).begin_array();
  for (const std::string_view column : columns) json.value(column);
  json.end_array();
}

void write_node_row(JsonWriter& json, const index::NodeRow& node) {
  const index::Position& place = *node.position;
  json.begin_array().value(mesh::format_node_id(node.num)).text_or_null(node.short_name).text_or_null(node.long_name);
  json.text_or_null(node.role ? mesh::role_name(static_cast<int>(*node.role)) : std::string());
  json.value(place.latitude()).value(place.longitude()).value(place.altitude);
  json.value(place.precision_bits).value(place.time_us).value(node.last_heard_us).value(node.hops_away);
  json.value(node.snr).value(node.metrics.battery_level).value(node.via_mqtt).end_array();
}

void write_nodes(JsonWriter& json, const std::vector<index::NodeRow>& nodes) {
  write_columns(json, "node_columns", kNodeColumns);
  json.key("nodes").begin_array();
  for (const index::NodeRow& node : nodes) {
    if (node.position) write_node_row(json, node);
  }
  json.end_array().key("unplaced").begin_array();
  for (const index::NodeRow& node : nodes) {
    if (node.position) continue;
    json.begin_object().field("id", mesh::format_node_id(node.num)).text_field("short_name", node.short_name);
    json.text_field("long_name", node.long_name).field("last_heard_us", node.last_heard_us).end_object();
  }
  json.end_array();
}

Result<> write_agents(JsonWriter& json, index::IndexReader& reader) {
  auto agents = reader.agents(limits::kMapAgentsMax);
  if (!agents) return fail(agents.error());
  json.key("agents").begin_array();
  for (const index::AgentRow& agent : *agents) {
    json.begin_object().field("id", agent.id).text_field("name", agent.location_name);
    json.field("latitude", agent.latitude).field("longitude", agent.longitude);
    json.text_field("radio", agent.radio.radio_num ? mesh::format_node_id(*agent.radio.radio_num) : std::string());
    json.field("last_upload_us", agent.last_upload_us).end_object();
  }
  json.end_array();
  return {};
}

// `among`: only those between two of these nodes, which rise by number; null: all, also of nodes that are known from
// links alone.
Result<> write_links(JsonWriter& json, index::IndexReader& reader, std::int64_t since_us,
                     const std::vector<index::NodeRow>* among) {
  const auto shown = [&](std::uint32_t num) {
    return among == nullptr || std::ranges::binary_search(*among, num, {}, &index::NodeRow::num);
  };
  auto links = reader.links({.limit = limits::kMapLinksMax, .since_us = since_us});
  if (!links) return fail(links.error());
  write_columns(json, "link_columns", kLinkColumns);
  json.key("links").begin_array();
  for (const index::LinkRow& link : *links) {
    if (!shown(link.key.from) || !shown(link.key.to)) continue;
    json.begin_array().value(mesh::format_node_id(link.key.from)).value(mesh::format_node_id(link.key.to));
    json.value(index::to_string(link.key.evidence)).value(link.count).value(link.last_us).value(link.snr);
    json.value(link.rssi).end_array();
  }
  json.end_array();
  return {};
}

}  // namespace

boost::asio::awaitable<http::Response> get_map(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {"links_since", "q", "online"}); !known) {
    co_return bad_request(known.error());
  }
  const std::int64_t now_us = to_micros(api.time.wall());
  auto links_since = read_time(request, "links_since", now_us);
  if (!links_since) co_return bad_request(links_since.error());
  auto filter = read_node_filter(request, now_us);
  if (!filter) co_return std::move(filter.error());
  const bool relative = filter->relative || (*links_since && (*links_since)->relative);
  auto job = [links_since = *links_since, now_us, relative, filter = std::move(*filter),
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto etag = index_etag(reader, etag_period(relative, now_us));
    if (!etag) return fail(etag.error());
    if (is_fresh(*etag, options)) return not_modified(*etag);
    auto resolved = query::resolve_nodes(filter, reader, now_us);
    if (!resolved) return fail(resolved.error());
    if (resolved->mistake) return filter_problem(*resolved->mistake);
    auto nodes = reader.nodes({.limit = limits::kMapNodesMax, .filter = std::move(resolved->filter)});
    if (!nodes) return fail(nodes.error());
    JsonWriter json;
    json.begin_object();
    write_nodes(json, *nodes);
    if (auto written = write_agents(json, reader); !written) return fail(written.error());
    if (links_since) {
      if (auto written = write_links(json, reader, links_since->time_us, filter.terms.empty() ? nullptr : &*nodes);
          !written)
        return fail(written.error());
    }
    json.end_object();
    return json_answer(json.take(), *etag, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
