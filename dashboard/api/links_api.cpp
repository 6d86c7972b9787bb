#include "core/mesh/node_id.h"
#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/rows_json.h"

#include <array>

// Who hears whom: links, their hours, relays, traceroutes.
namespace mmm::dashboard {
namespace {

constexpr char kLinkList = 'l';
constexpr char kTracerouteList = 't';
// A cursor's second number holds the receiver and, in its lowest bits, the evidence.
constexpr unsigned kEvidenceBits = 4;
constexpr std::int64_t kHoursShownMax = 24 * 366;

constexpr std::array kEvidences{index::LinkEvidence::kDirect, index::LinkEvidence::kNeighborInfo,
                                index::LinkEvidence::kTraceroute};

Result<std::optional<index::LinkEvidence>> read_evidence(const http::Request& request) {
  const auto text = request.query_value("evidence");
  if (!text) return std::nullopt;
  for (const index::LinkEvidence evidence : kEvidences) {
    if (*text == index::to_string(evidence)) return evidence;
  }
  return fail(ErrorKind::kInvalidArgument, "evidence is something else than direct, neighbor_info and traceroute.");
}

std::uint64_t second_number(const index::LinkKey& key) {
  return std::uint64_t{key.to} << kEvidenceBits | static_cast<std::uint64_t>(key.evidence);
}

struct LinksQuery {
  index::LinkQuery query;
  std::int64_t period = 0;  // etag_period()
};

Result<LinksQuery> read_links_query(const http::Request& request, std::int64_t now_us) {
  auto known = check_parameters(request, {"limit", "cursor", "node", "from", "to", "evidence", "since"});
  if (!known) return fail(known.error());
  LinksQuery read;
  index::LinkQuery& query = read.query;
  auto limit = read_limit(request);
  if (!limit) return fail(limit.error());
  auto cursor = read_cursor(request, kLinkList, 2);
  if (!cursor) return fail(cursor.error());
  auto node = read_node(request, "node");
  if (!node) return fail(node.error());
  auto from = read_node(request, "from");
  if (!from) return fail(from.error());
  auto to = read_node(request, "to");
  if (!to) return fail(to.error());
  auto evidence = read_evidence(request);
  if (!evidence) return fail(evidence.error());
  auto since = read_time(request, "since", now_us);
  if (!since) return fail(since.error());
  query.limit = *limit;
  query.node = *node;
  query.from = *from;
  query.to = *to;
  query.evidence = *evidence;
  query.since_us = *since ? (*since)->time_us : 0;
  read.period = etag_period(*since && (*since)->relative, now_us);
  if (*cursor) {
    query.after =
        index::LinkKey{.from = static_cast<std::uint32_t>((*cursor)->first),
                       .to = static_cast<std::uint32_t>((*cursor)->second >> kEvidenceBits),
                       .evidence = static_cast<index::LinkEvidence>((*cursor)->second & ((1U << kEvidenceBits) - 1))};
  }
  return read;
}

void write_link(JsonWriter& json, const index::LinkRow& link) {
  json.begin_object().field("from", mesh::format_node_id(link.key.from)).text_field("from_name", link.from_name);
  json.field("to", mesh::format_node_id(link.key.to)).text_field("to_name", link.to_name);
  json.field("evidence", index::to_string(link.key.evidence)).field("count", link.count);
  json.field("first_us", link.first_us).field("last_us", link.last_us);
  json.field("snr", link.snr).field("rssi", link.rssi).end_object();
}

void write_percentiles(JsonWriter& json, std::string_view name, const index::Histogram& values, double bins_per_unit) {
  json.key(name);
  if (values.count() == 0) {
    json.null();
    return;
  }
  constexpr std::pair<const char*, double> kShares[] = {{"p10", 0.1}, {"p50", 0.5}, {"p90", 0.9}};
  json.begin_object();
  for (const auto& [title, share] : kShares) json.field(title, values.percentile(share).value_or(0) / bins_per_unit);
  json.end_object();
}

void write_hours(JsonWriter& json, const std::vector<index::LinkHourRow>& hours) {
  json.begin_array();
  for (const index::LinkHourRow& hour : hours) {
    json.begin_object().field("start_us", hour.start_us).field("count", hour.count);
    write_percentiles(json, "snr", hour.snr, index::kSnrBinsPerDecibel);
    write_percentiles(json, "rssi", hour.rssi, 1);
    json.end_object();
  }
  json.end_array();
}

void write_way(JsonWriter& json, std::uint32_t from, std::uint32_t to, const std::vector<std::uint32_t>& between,
               const std::vector<std::int32_t>& snrs) {
  constexpr double kQuartersPerDecibel = 4;
  json.begin_array();
  const auto hop = [&](std::uint32_t node, std::optional<std::int32_t> quarters) {
    json.begin_object();
    json.text_field("node", node == index::kHopUnknown ? "" : mesh::format_node_id(node));
    std::optional<double> snr;
    if (quarters && *quarters != index::kSnrUnknown) snr = *quarters / kQuartersPerDecibel;
    json.field("snr", snr).end_object();
  };
  const auto measured = [&snrs](std::size_t i) -> std::optional<std::int32_t> {
    return i < snrs.size() ? std::optional(snrs[i]) : std::nullopt;
  };
  hop(from, std::nullopt);
  for (std::size_t i = 0; i < between.size(); ++i) hop(between[i], measured(i));
  hop(to, measured(between.size()));
  json.end_array();
}

void write_traceroute(JsonWriter& json, const index::TracerouteRow& route) {
  json.begin_object().field("id", route.packet).field("time_us", route.time_us);
  json.field("from", mesh::format_node_id(route.from)).field("to", mesh::format_node_id(route.to));
  json.field("request_id", route.request_id).field("is_reply", route.is_reply);
  json.key("towards");
  write_way(json, route.from, route.to, route.route, route.snr_towards);
  json.key("back");
  if (route.snr_back.empty() && route.route_back.empty()) {
    json.null();
  } else {
    write_way(json, route.to, route.from, route.route_back, route.snr_back);
  }
  json.end_object();
}

}  // namespace

boost::asio::awaitable<http::Response> get_links(Api& api, http::Request& request) {
  auto read = read_links_query(request, to_micros(api.time.wall()));
  if (!read) co_return bad_request(read.error());
  auto job = [query = read->query, period = read->period,
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto etag = index_etag(reader, period);
    if (!etag) return fail(etag.error());
    if (is_fresh(*etag, options)) return not_modified(*etag);
    index::LinkQuery asked = query;
    ++asked.limit;
    auto links = reader.links(asked);
    if (!links) return fail(links.error());
    const bool more = links->size() > query.limit;
    if (more) links->pop_back();
    JsonWriter json;
    json.begin_object().key("links").begin_array();
    for (const index::LinkRow& link : *links) write_link(json, link);
    json.end_array();
    json.text_field("next_cursor",
                    more ? make_cursor(kLinkList, {links->back().key.from, second_number(links->back().key)}) : "");
    json.end_object();
    return json_answer(json.take(), *etag, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_link(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {"evidence", "since", "until"}); !known) {
    co_return bad_request(known.error());
  }
  auto from = parse_node("The transmitter", request.param("from"));
  if (!from) co_return bad_request(from.error());
  auto to = parse_node("The receiver", request.param("to"));
  if (!to) co_return bad_request(to.error());
  auto evidence = read_evidence(request);
  if (!evidence) co_return bad_request(evidence.error());
  auto range = read_range(request, to_micros(api.time.wall()), index::kHourUs, kHoursShownMax);
  if (!range) co_return bad_request(range.error());
  const index::LinkKey there{.from = *from, .to = *to, .evidence = evidence->value_or(index::LinkEvidence::kDirect)};
  auto job = [there, range = *range,
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    const index::LinkKey back{.from = there.to, .to = there.from, .evidence = there.evidence};
    auto hours = reader.link_hours(there, range.since_us, range.until_us);
    if (!hours) return fail(hours.error());
    auto hours_back = reader.link_hours(back, range.since_us, range.until_us);
    if (!hours_back) return fail(hours_back.error());
    JsonWriter json;
    json.begin_object().field("from", mesh::format_node_id(there.from)).field("to", mesh::format_node_id(there.to));
    json.field("evidence", index::to_string(there.evidence)).key("hours");
    write_hours(json, *hours);
    json.key("hours_back");
    write_hours(json, *hours_back);
    json.end_object();
    return json_answer(json.take(), "", options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_relays(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {}); !known) co_return bad_request(known.error());
  auto job = [id = std::string(request.param("id")),
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto agent = reader.agent_number(id);
    if (!agent) return fail(agent.error());
    if (!*agent) return no_such_agent();
    auto relays = reader.relays(**agent);
    if (!relays) return fail(relays.error());
    JsonWriter json;
    json.begin_object().key("relays").begin_array();
    for (const index::RelayRow& relay : *relays) {
      auto candidates = reader.relay_candidates(**agent, relay.relay);
      if (!candidates) return fail(candidates.error());
      json.begin_object().field("relay", relay.relay).field("count", relay.count).field("last_us", relay.last_us);
      json.field("snr", relay.snr).field("rssi", relay.rssi).key("candidates").begin_array();
      for (const index::HeardByRow& node : *candidates) {
        json.begin_object().field("node", mesh::format_node_id(node.node)).field("last_us", node.last_us);
        json.field("snr", node.snr).field("receptions", node.receptions).end_object();
      }
      json.end_array().end_object();
    }
    json.end_array().end_object();
    return json_answer(json.take(), "", options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_traceroutes(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {"limit", "cursor", "node", "replies"}); !known) {
    co_return bad_request(known.error());
  }
  index::TracerouteQuery query;
  auto limit = read_limit(request);
  if (!limit) co_return bad_request(limit.error());
  auto cursor = read_cursor(request, kTracerouteList, 1);
  if (!cursor) co_return bad_request(cursor.error());
  auto node = read_node(request, "node");
  if (!node) co_return bad_request(node.error());
  auto replies = read_flag(request, "replies");
  if (!replies) co_return bad_request(replies.error());
  query.limit = *limit;
  if (*cursor) query.before = (*cursor)->first;
  query.node = *node;
  query.replies_only = replies->value_or(false);
  auto job = [query, options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto etag = index_etag(reader);
    if (!etag) return fail(etag.error());
    if (is_fresh(*etag, options)) return not_modified(*etag);
    index::TracerouteQuery asked = query;
    ++asked.limit;
    auto routes = reader.traceroutes(asked);
    if (!routes) return fail(routes.error());
    const bool more = routes->size() > query.limit;
    if (more) routes->pop_back();
    JsonWriter json;
    json.begin_object().key("traceroutes").begin_array();
    for (const index::TracerouteRow& route : *routes) write_traceroute(json, route);
    json.end_array();
    json.text_field("next_cursor", more ? make_cursor(kTracerouteList, {routes->back().packet}) : "").end_object();
    return json_answer(json.take(), *etag, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
