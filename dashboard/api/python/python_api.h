#pragma once

#include "core/http/router.h"
#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/json_writer.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

// The GET paths of the Python version, with at least the fields they had, for scripts and pages that read them.
// docs/python-compatibility.md describes them. Parameters that are not known are ignored, as there; numbers beyond a
// bound count as the bound, and what is no number is answered 400.
namespace mmm::dashboard::python {

void add_routes(http::Router& router, Api& api);

// The handlers, by file.
boost::asio::awaitable<http::Response> get_agents(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_agent_status(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_packets(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_nodes(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_detailed_nodes(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_node_details(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_name_history(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_topology(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_connections(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_routes(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_stats(Api& api, http::Request& request);
boost::asio::awaitable<http::Response> get_map_config(Api& api, http::Request& request);

// ---- Parameters ----
// A whole number: missing, `fallback`; above `max`, `max`. Fails with kInvalidArgument for anything but digits, and 0.
Result<std::uint64_t> read_number(const http::Request& request, std::string_view name, std::uint64_t fallback,
                                  std::uint64_t max);
// `hours` as the time from which on, µs since the epoch.
Result<std::int64_t> read_since(const http::Request& request, std::int64_t now_us, std::uint64_t fallback_hours);

// ---- Values ----
using index::kHourUs;

// The Python version's names of packet types, from "text_message" to "other"; "encrypted" for a packet that is not
// decoded.
std::string_view type_name(std::optional<std::int64_t> port);

// ISO 8601; null for no time.
void write_time(JsonWriter& json, std::string_view name, std::optional<std::int64_t> time_us);
// [latitude, longitude], or null.
void write_place(JsonWriter& json, std::string_view name, const std::optional<index::Position>& position);

// Rows that an answer names again and again, read once.
class Names {
 public:
  // Reads the agents.
  static Result<Names> load(index::IndexReader& reader);

  // Null: not known.
  [[nodiscard]] const index::AgentRow* agent(std::int64_t num) const;
  [[nodiscard]] const index::AgentRow* agent(std::string_view id) const;
  // Null: nothing is known of the node. Valid as long as this.
  Result<const index::NodeRow*> node(std::uint32_t num);

  // "SHORT (Long)", or what of it is known, with the id.
  static std::string display(std::uint32_t num, const index::NodeRow* node);
  static std::string hw_model(const index::NodeRow* node);
  static std::string role(const index::NodeRow* node);

 private:
  explicit Names(index::IndexReader& reader) : reader_(&reader) {}
  index::IndexReader* reader_;
  std::unordered_map<std::int64_t, index::AgentRow> agents_;
  std::unordered_map<std::uint32_t, std::optional<index::NodeRow>> nodes_;
};

// Calls `each` for the nodes heard since then with the agents that heard them since then, `agent_id` or all, the last
// heard first; at most `limit` nodes.
using HeardNode = std::function<void(const index::NodeRow&, const std::vector<index::HeardByRow>&)>;
Result<> for_heard_nodes(index::IndexReader& reader, std::int64_t since_us, std::string_view agent_id,
                         std::size_t limit, const HeardNode& each);

// An object with the array `name`, to which `write` adds what it says of each of those nodes.
struct HeardNodesQuery {
  std::int64_t since_us = 0;
  std::string agent_id;  // empty: all agents
  std::size_t limit = 0;
};
using WriteHeardNode = void (*)(JsonWriter&, const Names&, const index::NodeRow&,
                                const std::vector<index::HeardByRow>&);
boost::asio::awaitable<http::Response> answer_heard_nodes(Api& api, const http::Request& request, HeardNodesQuery query,
                                                          std::string_view name, WriteHeardNode write);

// The answer of a job that wrote `json`.
http::Response answer(JsonWriter& json, const AnswerOptions& options);

}  // namespace mmm::dashboard::python
