#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/cross_origin.h"
#include "dashboard/api/filter_parameters.h"
#include "dashboard/api/parameters.h"
#include "dashboard/query/resolve.h"

namespace mmm::dashboard {
namespace {

using HandlerFunction = boost::asio::awaitable<http::Response> (*)(Api&, http::Request&);

boost::asio::awaitable<http::Response> answer(Api& api, HandlerFunction function, http::Request& request) {
  auto response = co_await function(api, request);
  allow_origin(api.options.cors_origins, request, response);
  co_return response;
}

boost::asio::awaitable<http::Response> answer_preflight(Api& api, http::Request& request) {
  co_return preflight(api.options.cors_origins, request);
}

void add(http::Router& router, std::string_view pattern, Api& api, HandlerFunction function) {
  router.add(http::Method::kGet, pattern,
             [&api, function](http::Request& request) { return answer(api, function, request); });
  router.add(http::Method::kOptions, pattern,
             [&api](http::Request& request) { return answer_preflight(api, request); });
}

boost::asio::awaitable<http::Response> get_live(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, with_filter_parameters({})); !known) co_return bad_request(known.error());
  auto filter = read_filter(request, to_micros(api.time.wall()));
  if (!filter) co_return std::move(filter.error());
  std::string last_event_id(request.header("last-event-id"));
  // Without names the index need not be asked.
  if (filter->names.empty()) {
    co_return api.live.open_stream(last_event_id, {query::typed_terms<index::PacketTerm>(filter->terms)});
  }
  auto job = [&api, filter = std::move(*filter),
              last_event_id = std::move(last_event_id)](index::IndexReader& reader) -> Result<http::Response> {
    auto resolved = query::resolve_packets(filter, reader);
    if (!resolved) return fail(resolved.error());
    if (resolved->mistake) return filter_problem(*resolved->mistake);
    return api.live.open_stream(last_event_id, std::move(resolved->filter));
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_openapi(Api&, http::Request&) {
  http::Response response;
  response.headers.push_back({"Content-Type", "application/json"});
  response.headers.push_back({"Cache-Control", "no-cache"});
  response.static_body = kOpenApiDocument;
  co_return response;
}

}  // namespace

void add_routes(http::Router& router, Api& api) {
  add(router, "/api/v1/stats", api, get_stats);
  add(router, "/api/v1/agents", api, get_agents);
  add(router, "/api/v1/nodes", api, get_nodes);
  add(router, "/api/v1/nodes/{id}", api, get_node);
  add(router, "/api/v1/packets", api, get_packets);
  add(router, "/api/v1/packets/{id}", api, get_packet);
  add(router, "/api/v1/messages", api, get_messages);
  add(router, "/api/v1/nodes/{id}/telemetry", api, get_telemetry);
  add(router, "/api/v1/nodes/{id}/history", api, get_node_history);
  add(router, "/api/v1/agents/overlap", api, get_overlap);
  add(router, "/api/v1/agents/{id}/gaps", api, get_gaps);
  add(router, "/api/v1/agents/{id}/relays", api, get_relays);
  add(router, "/api/v1/links", api, get_links);
  add(router, "/api/v1/links/{from}/{to}", api, get_link);
  add(router, "/api/v1/traceroutes", api, get_traceroutes);
  add(router, "/api/v1/series", api, get_series);
  add(router, "/api/v1/top_nodes", api, get_top_nodes);
  add(router, "/api/v1/waypoints", api, get_waypoints);
  add(router, "/api/v1/findings", api, get_findings);
  add(router, "/api/v1/live", api, get_live);
  add(router, "/api/v1/openapi.json", api, get_openapi);
  add(router, "/api/v1/query/fields", api, get_query_fields);
  add(router, "/api/v1/search", api, get_search);
  add(router, "/api/v1/storage", api, get_storage);
  add(router, "/api/v1/map", api, get_map);
  for (const char* format : {"ndjson", "csv"}) {
    add(router, fmt::format("/api/v1/export/packets.{}", format), api, get_packets_export);
  }
  for (const char* format : {"ndjson", "csv", "geojson", "kml"}) {
    add(router, fmt::format("/api/v1/export/nodes.{}", format), api, get_nodes_export);
  }
  for (const char* format : {"gpx", "geojson", "kml"}) {
    add(router, fmt::format("/api/v1/export/tracks.{}", format), api, get_tracks_export);
  }
}

}  // namespace mmm::dashboard
