#include "core/base/limits.h"
#include "core/base/time.h"
#include "core/mesh/mesh_packet.pb.h"
#include "core/mesh/names.h"
#include "core/mesh/node_id.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/python/python_api.h"

// What several of the answers need.
namespace mmm::dashboard::python {
namespace {

// A year.
constexpr std::uint64_t kHoursMax = 8784;

}  // namespace

Result<std::uint64_t> read_number(const http::Request& request, std::string_view name, std::uint64_t fallback,
                                  std::uint64_t max) {
  const auto text = request.query_value(name);
  if (!text) return fallback;
  const auto number = parse_number(*text, UINT64_MAX);
  if (!number || *number == 0) {
    return fail(ErrorKind::kInvalidArgument, "{} must be a whole number from 1 to {}.", name, max);
  }
  return std::min(*number, max);
}

Result<std::int64_t> read_since(const http::Request& request, std::int64_t now_us, std::uint64_t fallback_hours) {
  auto hours = read_number(request, "hours", fallback_hours, kHoursMax);
  if (!hours) return fail(hours.error());
  return std::max<std::int64_t>(now_us - static_cast<std::int64_t>(*hours) * kHourUs, 1);
}

std::string_view type_name(std::optional<std::int64_t> port) {
  if (!port || *port < 0) return "encrypted";
  switch (*port) {
    case mesh::TEXT_MESSAGE_APP:
      return "text_message";
    case mesh::POSITION_APP:
      return "position";
    case mesh::TELEMETRY_APP:
      return "telemetry";
    case mesh::NODEINFO_APP:
      return "user_info";
    case mesh::ROUTING_APP:
      return "routing";
    case mesh::TRACEROUTE_APP:
      return "traceroute";
    default:
      return "other";
  }
}

void write_time(JsonWriter& json, std::string_view name, std::optional<std::int64_t> time_us) {
  json.text_field(name, time_us.value_or(0) > 0 ? to_iso8601(from_micros(*time_us)) : std::string());
}

void write_place(JsonWriter& json, std::string_view name, const std::optional<index::Position>& position) {
  json.key(name);
  if (!position) {
    json.null();
    return;
  }
  json.begin_array().value(position->latitude()).value(position->longitude()).end_array();
}

Result<Names> Names::load(index::IndexReader& reader) {
  auto agents = reader.agents(limits::kAgentsMax);
  if (!agents) return fail(agents.error());
  Names names(reader);
  for (index::AgentRow& agent : *agents) names.agents_.emplace(agent.num, std::move(agent));
  return names;
}

const index::AgentRow* Names::agent(std::int64_t num) const {
  const auto place = agents_.find(num);
  return place == agents_.end() ? nullptr : &place->second;
}

const index::AgentRow* Names::agent(std::string_view id) const {
  const auto place = std::ranges::find_if(agents_, [id](const auto& entry) { return entry.second.id == id; });
  return place == agents_.end() ? nullptr : &place->second;
}

Result<const index::NodeRow*> Names::node(std::uint32_t num) {
  auto place = nodes_.find(num);
  if (place == nodes_.end()) {
    auto row = reader_->node(num);
    if (!row) return fail(row.error());
    place = nodes_.emplace(num, std::move(*row)).first;
  }
  return place->second ? &*place->second : nullptr;
}

std::string Names::display(std::uint32_t num, const index::NodeRow* node) {
  const std::string id = mesh::format_destination(num);
  if (node == nullptr || (node->short_name.empty() && node->long_name.empty())) return id;
  if (node->short_name.empty()) return fmt::format("{} ({})", node->long_name, id);
  return fmt::format("{} ({})", node->short_name, node->long_name.empty() ? id : node->long_name);
}

std::string Names::hw_model(const index::NodeRow* node) {
  return node != nullptr && node->hw_model ? mesh::hardware_name(static_cast<int>(*node->hw_model)) : "";
}

std::string Names::role(const index::NodeRow* node) {
  return node != nullptr && node->role ? mesh::role_name(static_cast<int>(*node->role)) : "";
}

Result<> for_heard_nodes(index::IndexReader& reader, std::int64_t since_us, std::string_view agent_id,
                         std::size_t limit, const HeardNode& each) {
  auto nodes =
      reader.nodes({.limit = limit, .order = index::NodeOrder::kHeard, .after_num = {}, .heard_since_us = since_us});
  if (!nodes) return fail(nodes.error());
  for (const index::NodeRow& node : *nodes) {
    auto heard = reader.heard_by(node.num);
    if (!heard) return fail(heard.error());
    std::erase_if(*heard, [&](const index::HeardByRow& row) {
      return row.last_us < since_us || (!agent_id.empty() && row.agent_id != agent_id);
    });
    if (!heard->empty()) each(node, *heard);
  }
  return {};
}

boost::asio::awaitable<http::Response> answer_heard_nodes(Api& api, const http::Request& request, HeardNodesQuery query,
                                                          std::string_view name, WriteHeardNode write) {
  auto job = [query = std::move(query), name, write,
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto names = Names::load(reader);
    if (!names) return fail(names.error());
    JsonWriter json;
    json.begin_object().key(name).begin_array();
    const auto each = [&](const index::NodeRow& node, const std::vector<index::HeardByRow>& heard) {
      write(json, *names, node, heard);
    };
    auto done = for_heard_nodes(reader, query.since_us, query.agent_id, query.limit, each);
    if (!done) return fail(done.error());
    json.end_array().end_object();
    return answer(json, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

http::Response answer(JsonWriter& json, const AnswerOptions& options) {
  return json_answer(json.take(), "", options);
}

}  // namespace mmm::dashboard::python
