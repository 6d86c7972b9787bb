#include "dashboard/fleet_metrics.h"

#include "core/base/encoding.h"
#include "core/base/limits.h"
#include "core/log/log.h"
#include "core/mesh/names.h"
#include "core/mesh/node_id.h"
#include "core/upload/upload.pb.h"
#include "metrics/catalog_server.h"
#include "metrics/families.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace mmm::dashboard {
namespace {

namespace server = metrics::server;

constexpr std::chrono::seconds kCollectMax{2};
constexpr std::chrono::minutes kFailuresSaidEvery{10};
constexpr double kMicros = 1e6;
constexpr double kPercent = 100;

std::string hardware_of(std::optional<std::uint32_t> model) {
  return model ? mesh::hardware_name(static_cast<int>(*model)) : "";
}

bool is_online(const index::AgentRow& agent, std::int64_t now_us) {
  return agent.last_upload_us >= now_us - index::kAgentOnlineUs;
}

bool link_is_ready(const index::AgentRow& agent) {
  return agent.radio.link_state == upload::AgentStatus::LINK_STATE_READY;
}

void add_agent_states(metrics::Families& families, const std::vector<index::AgentRow>& agents, std::int64_t now_us) {
  std::array<double, 3> counts{};
  for (const auto& agent : agents) ++counts.at(!is_online(agent, now_us) ? 2 : link_is_ready(agent) ? 0 : 1);
  const std::array names{"online", "radio_away", "offline"};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    families.add(server::kAgents, counts.at(i), {{"state", names.at(i)}});
  }
}

// One metric of all agents after the other, for a family's series stand together.
void add_agents(metrics::Families& families, const std::vector<index::AgentRow>& agents) {
  const auto each = [&](const auto& definition, const auto& value) {
    for (const auto& agent : agents) {
      const std::optional<double> measured = value(agent);
      if (measured) families.add(definition, *measured, {{"agent", agent.id}});
    }
  };
  using Row = index::AgentRow;
  using Value = std::optional<double>;
  for (const auto& agent : agents) {
    const auto region = agent.radio.region;
    families.add(server::kAgentInfo, 1,
                 {{"agent", agent.id},
                  {"location", sanitize_utf8(agent.location_name)},
                  {"version", sanitize_utf8(agent.version)},
                  {"region", region ? mesh::region_name(static_cast<int>(*region)) : ""},
                  {"hardware", hardware_of(agent.radio.hw_model)}});
  }
  each(server::kAgentLastUpload,
       [](const Row& row) -> Value { return static_cast<double>(row.last_upload_us) / kMicros; });
  each(server::kAgentLinkReady, [](const Row& row) -> Value { return link_is_ready(row) ? 1 : 0; });
  each(server::kAgentWaiting, [](const Row& row) -> Value { return static_cast<double>(row.ledger.waiting); });
  each(server::kAgentLost, [](const Row& row) -> Value { return static_cast<double>(row.ledger.dropped); });
  each(server::kAgentSetAside, [](const Row& row) -> Value { return static_cast<double>(row.ledger.set_aside); });
  each(server::kAgentReceptions, [](const Row& row) -> Value { return static_cast<double>(row.receptions); });
  each(server::kAgentClockSkew, [](const Row& row) -> Value {
    if (!row.clock_skew_us) return std::nullopt;
    return static_cast<double>(*row.clock_skew_us) / kMicros;
  });
}

void add_nodes(metrics::Families& families, const std::vector<index::NodeRow>& nodes) {
  std::vector<std::string> ids;
  ids.reserve(nodes.size());
  for (const auto& node : nodes) ids.push_back(mesh::format_node_id(node.num));
  const auto each = [&](const auto& definition, const auto& value) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const std::optional<double> measured = value(nodes[i]);
      if (measured) families.add(definition, *measured, {{"node", ids[i]}});
    }
  };
  using Row = index::NodeRow;
  using Value = std::optional<double>;
  const auto ratio = [](std::optional<double> percent) -> Value {
    if (!percent) return std::nullopt;
    return *percent / kPercent;
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto& node = nodes[i];
    families.add(server::kNodeInfo, 1,
                 {{"node", ids[i]},
                  {"name", sanitize_utf8(node.long_name.empty() ? node.short_name : node.long_name)},
                  {"role", node.role ? mesh::role_name(static_cast<int>(*node.role)) : ""},
                  {"hardware", hardware_of(node.hw_model)}});
  }
  each(server::kNodeLastHeard, [](const Row& row) -> Value {
    if (!row.last_heard_us) return std::nullopt;
    return static_cast<double>(*row.last_heard_us) / kMicros;
  });
  each(server::kNodeBattery, [&](const Row& row) { return ratio(row.metrics.battery_level); });
  each(server::kNodeChannelUtilization, [&](const Row& row) { return ratio(row.metrics.channel_utilization); });
  each(server::kNodeAirUtilTx, [&](const Row& row) { return ratio(row.metrics.air_util_tx); });
  each(server::kNodeSnr, [](const Row& row) -> Value { return row.snr; });
}

}  // namespace

FleetMetrics::FleetMetrics(std::filesystem::path index_path, const TimeSource& time, FleetMetricsLimits limits)
    : index_path_(std::move(index_path)), time_(time), limits_(limits), failures_(kFailuresSaidEvery) {}

std::vector<prometheus::MetricFamily> FleetMetrics::Collect() const {
  const std::lock_guard lock(mutex_);
  metrics::Families families;
  if (auto collected = collect(families); !collected) {
    log::warning(failures_, time_.steady(), "dashboard", "metrics without agents and nodes: {}",
                 collected.error().message);
    reader_.reset();
    return {};
  }
  return families.take();
}

Result<index::IndexReader*> FleetMetrics::reader() const {
  if (!reader_) {
    auto opened = index::IndexReader::open(index_path_);
    if (!opened) return fail(opened.error());
    reader_ = std::move(*opened);
  }
  if (auto fresh = reader_->refresh(); !fresh) return fail(fresh.error());
  return reader_.get();
}

Result<> FleetMetrics::collect(metrics::Families& families) const {
  auto index = reader();
  if (!index) return fail(index.error());
  const SteadyTime deadline = time_.steady() + kCollectMax;
  (*index)->interrupt_when([this, deadline] { return time_.steady() > deadline; });
  const std::int64_t now_us = to_micros(time_.wall());
  auto agents = (*index)->agents(limits::kAgentsMax);
  if (!agents) return fail(agents.error());
  auto stats = (*index)->stats(now_us);
  if (!stats) return fail(stats.error());
  auto nodes = (*index)->nodes({.limit = limits_.nodes_max, .order = index::NodeOrder::kHeard});
  if (!nodes) return fail(nodes.error());
  (*index)->interrupt_when(nullptr);

  add_agent_states(families, *agents, now_us);
  const std::size_t shown = std::min(agents->size(), limits_.agents_max);
  families.add(server::kAgentsWithoutSeries, static_cast<double>(agents->size() - shown));
  std::ranges::partial_sort(*agents, agents->begin() + static_cast<std::ptrdiff_t>(shown), std::greater(),
                            &index::AgentRow::last_upload_us);
  agents->resize(shown);
  add_agents(families, *agents);
  families.add(server::kNodes, static_cast<double>(stats->nodes_online), {{"state", "online"}});
  families.add(server::kNodes, static_cast<double>(stats->nodes - stats->nodes_online), {{"state", "offline"}});
  families.add(server::kNodesWithoutSeries, static_cast<double>(stats->nodes) - static_cast<double>(nodes->size()));
  add_nodes(families, *nodes);
  return {};
}

}  // namespace mmm::dashboard
