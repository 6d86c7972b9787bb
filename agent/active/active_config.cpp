#include "agent/active/active_config.h"

#include <fmt/format.h>

#include <algorithm>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kRadioLimit = 30s;

std::chrono::milliseconds rounded(double value, std::chrono::milliseconds unit) {
  return std::chrono::milliseconds{static_cast<std::int64_t>(value * static_cast<double>(unit.count()))};
}

void read_priority(config::SectionReader agent, ActiveConfig& active) {
  const auto nodes = agent.parsed_list("priority_nodes", mesh::parse_node_id);
  active.priority_nodes.insert(nodes.begin(), nodes.end());
  active.priority_interval = agent.duration("priority_check_interval", 300s, 30s, 24h * 7);
  // Hours, as the Python version has it.
  active.priority_cache = rounded(agent.number("priority_cache_duration", 12, 0, 24.0 * 30), 1h);
}

}  // namespace

ActiveConfig read_active_config(config::ConfigReader& reader, std::vector<std::string>& remarks) {
  ActiveConfig active;
  read_priority(reader.section("agent"), active);
  auto routes = reader.section("route_discovery");
  const bool enabled = routes.boolean("enabled", true);
  // Who has written the key knows what it does.
  const bool is_decided = routes.optional_text("transmit").has_value();
  const bool transmit = routes.boolean("transmit", false);
  active.interval = rounded(routes.number("interval_minutes", 60, 1, 60.0 * 24 * 30), 1min);
  active.hop_limit = static_cast<std::uint32_t>(routes.integer("hop_limit", 7, 1, 7));
  active.delay_between_traces =
      std::max(rounded(routes.number("delay_between_traces", 30, 0, 86'400), 1s), kRadioLimit);
  active.first_within = routes.duration("first_within", 5min, 0ms, 24h);
  active.airtime_percent = routes.number("airtime_percent", 1, 0.01, 10);
  active.channel_utilization_max = routes.number("channel_utilization_max", 25, 1, 100);
  active.traceroutes = enabled && transmit;
  if (is_decided) return active;
  if (routes.present() && enabled) {
    remarks.push_back(
        fmt::format("[route_discovery] asks for a traceroute of each known node every {} minutes; nothing is "
                    "transmitted without transmit = true there",
                    active.interval / 1min));
  }
  if (!active.priority_nodes.empty()) {
    remarks.emplace_back(
        "[agent] priority_nodes asks for traceroutes; nothing is transmitted without transmit = true in "
        "[route_discovery]");
  }
  return active;
}

}  // namespace mmm::agent
