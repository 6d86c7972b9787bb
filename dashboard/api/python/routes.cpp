#include "dashboard/api/python/python_api.h"

namespace mmm::dashboard::python {
namespace {

using HandlerFunction = boost::asio::awaitable<http::Response> (*)(Api&, http::Request&);

void add(http::Router& router, std::string_view pattern, Api& api, HandlerFunction function) {
  router.add(http::Method::kGet, pattern, [&api, function](http::Request& request) { return function(api, request); });
}

}  // namespace

void add_routes(http::Router& router, Api& api) {
  add(router, "/api/agents", api, get_agents);
  add(router, "/api/agents/{id}/status", api, get_agent_status);
  add(router, "/api/packets", api, get_packets);
  add(router, "/api/nodes", api, get_nodes);
  add(router, "/api/nodes/detailed", api, get_detailed_nodes);
  add(router, "/api/nodes/{id}/details", api, get_node_details);
  add(router, "/api/nodes/{id}/name-history", api, get_name_history);
  add(router, "/api/topology", api, get_topology);
  add(router, "/api/connections", api, get_connections);
  add(router, "/api/routes", api, get_routes);
  add(router, "/api/stats", api, get_stats);
  add(router, "/api/map/config", api, get_map_config);
}

}  // namespace mmm::dashboard::python
