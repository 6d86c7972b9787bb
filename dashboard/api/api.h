#pragma once

#include "core/async/time_source.h"
#include "core/http/router.h"
#include "core/mesh/decrypt.h"
#include "core/store/packet_log.h"
#include "dashboard/api/reader_pool.h"
#include "dashboard/dashboard.h"
#include "dashboard/export/exports.h"
#include "dashboard/live/live_hub.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace mmm::dashboard {

// What the handlers of /api/v1 answer from. They run on the HTTP server's threads; what blocks runs in the pool.
struct Api {
  ReaderPool& readers;
  const store::PacketLog& log;
  TimeSource& time;
  LiveHub& live;
  Exports& exports;
  DashboardOptions options;
  std::unique_ptr<mesh::Keyring> keys;
  std::mutex keys_mutex;  // a keyring serves one thread at a time
};

void add_routes(http::Router& router, Api& api);

// The handlers, by file.
boost::asio::awaitable<http::Response> get_stats(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_agents(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_nodes(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_node(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_packets(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_packet(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_messages(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_links(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_link(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_gaps(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_overlap(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_relays(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_traceroutes(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_series(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_top_nodes(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_telemetry(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_node_history(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_waypoints(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_findings(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_packets_export(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_nodes_export(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_tracks_export(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_query_fields(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_map(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_storage(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_search(Api& api, http::Request& request);

// The figures of GET /stats as JSON; blocks.
Result<std::string> stats_json(Api& api, index::IndexReader& reader);

// The version of an answer that depends on the index alone, and on the `period` of time that it is for: a weak entity
// tag, since a proxy may compress. An index that is built anew, and another program, have others.
Result<std::string> index_etag(index::IndexReader& reader, std::int64_t period = 0);
// The period of a question: its minute when it is asked in relative times, since what "2h" means moves on while the
// index stands still; else one for ever.
std::int64_t etag_period(bool relative, std::int64_t now_us);

// The OpenAPI document, made from openapi.json.
extern const std::string_view kOpenApiDocument;

}  // namespace mmm::dashboard
