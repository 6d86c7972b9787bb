#include "core/mesh/node_id.h"
#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/rows_json.h"

#include <cmath>

// What is wrong, as far as the index shows it: asked anew each time, so that what has been mended is gone.
namespace mmm::dashboard {
namespace {

using index::kSecondUs;

constexpr std::int64_t kDayUs = 86'400 * kSecondUs;
constexpr std::int64_t kAgentSilentUs = 5 * 60 * kSecondUs;
constexpr std::int64_t kSkewUs = 60 * kSecondUs;
// A queue that an upload every two seconds does not explain.
constexpr std::uint64_t kWaitingMax = 10'000;
constexpr std::size_t kOfOneKindMax = 100;
// From 25 % on the firmware holds back its own telemetry; above 40 % it hardly sends.
constexpr index::StrainedQuery kStrained{.battery_max = 20, .utilization_min = 40, .limit = kOfOneKindMax};

struct Finding {
  const char* kind = "";
  const char* severity = "warning";
  std::string node{};
  std::string agent{};
  std::int64_t since_us = 0;  // 0: not known
  std::string text{};
};

std::string named(const std::string& name, std::uint32_t node) {
  const std::string id = mesh::format_node_id(node);
  return name.empty() ? id : fmt::format("{} ({})", name, id);
}

std::string name_of(const index::NodeRow& node) {
  return named(node.long_name.empty() ? node.short_name : node.long_name, node.num);
}

void add_agent(const index::AgentRow& agent, std::int64_t now_us, std::vector<Finding>& findings) {
  constexpr std::uint32_t kLinkDown = 3;  // AgentStatus.LinkState
  const auto add = [&](const char* kind, const char* severity, std::int64_t since_us, std::string text) {
    findings.push_back(
        {.kind = kind, .severity = severity, .agent = agent.id, .since_us = since_us, .text = std::move(text)});
  };
  if (now_us - agent.last_upload_us > kAgentSilentUs) {
    add("agent_silent", "critical", agent.last_upload_us,
        fmt::format("Agent {} has uploaded nothing since.", agent.id));
  } else if (agent.radio.link_state == kLinkDown && agent.radios.empty()) {
    add("radio_away", "critical", 0, fmt::format("Agent {} has no radio: {}", agent.id, agent.radio.link_reason));
  } else {
    for (const index::StreamRow& radio : agent.radios) {
      if (radio.radio.link_state != kLinkDown) continue;
      add("radio_away", "critical", 0,
          fmt::format("The radio {} of agent {} is away: {}", radio.name, agent.id, radio.radio.link_reason));
    }
  }
  if (agent.clock_skew_us && std::abs(*agent.clock_skew_us) > kSkewUs) {
    add("clock_skew", "warning", 0,
        fmt::format("The clock of agent {} is {} s {} ours.", agent.id, std::abs(*agent.clock_skew_us) / kSecondUs,
                    *agent.clock_skew_us > 0 ? "ahead of" : "behind"));
  }
  if (agent.ledger.dropped > 0) {
    add("records_lost", "critical", 0,
        fmt::format("Agent {} has lost {} records: its buffer was full.", agent.id, agent.ledger.dropped));
  }
  if (agent.ledger.waiting > kWaitingMax) {
    add("agent_behind", "warning", 0,
        fmt::format("{} records of agent {} still wait for their upload.", agent.ledger.waiting, agent.id));
  }
}

void add_strained(const index::NodeRow& node, std::vector<Finding>& findings) {
  const auto add = [&](const char* kind, std::string text) {
    findings.push_back(
        {.kind = kind, .node = mesh::format_node_id(node.num), .since_us = node.metrics_us, .text = std::move(text)});
  };
  if (node.metrics.battery_level && *node.metrics.battery_level <= kStrained.battery_max) {
    add("low_battery", fmt::format("The battery of {} is at {} %.", name_of(node), *node.metrics.battery_level));
  }
  if (node.metrics.channel_utilization && *node.metrics.channel_utilization >= kStrained.utilization_min) {
    add("busy_channel", fmt::format("{} hears the channel busy {:.0f} % of the time.", name_of(node),
                                    *node.metrics.channel_utilization));
  }
}

Result<std::vector<Finding>> find_all(index::IndexReader& reader, std::int64_t now_us) {
  std::vector<Finding> findings;
  auto agents = reader.agents(limits::kAgentsMax);
  if (!agents) return fail(agents.error());
  for (const index::AgentRow& agent : *agents) add_agent(agent, now_us, findings);
  auto floods = reader.top_nodes(index::NodeMeasure::kFlooded, now_us - kDayUs, now_us + index::kHourUs, kOfOneKindMax);
  if (!floods) return fail(floods.error());
  for (const index::NodeTotals& node : *floods) {
    findings.push_back({.kind = "flood",
                        .severity = "critical",
                        .node = mesh::format_node_id(node.node),
                        .since_us = now_us - kDayUs,
                        .text = fmt::format("{} sends too much: {} receptions of the last 24 hours are counted only.",
                                            named(node.name, node.node), node.flooded)});
  }
  auto shared = reader.shared_keys(kOfOneKindMax);
  if (!shared) return fail(shared.error());
  for (const index::NodeRow& node : *shared) {
    findings.push_back(
        {.kind = "shared_key",
         .node = mesh::format_node_id(node.num),
         .since_us = node.user_us,
         .text = fmt::format("{} has the public key of another node: a copy, or an impostor.", name_of(node))});
  }
  index::StrainedQuery query = kStrained;
  query.heard_since_us = now_us - kDayUs;
  auto strained = reader.strained_nodes(query);
  if (!strained) return fail(strained.error());
  for (const index::NodeRow& node : *strained) add_strained(node, findings);
  return findings;
}

void write_finding(JsonWriter& json, const Finding& finding) {
  json.begin_object().field("kind", finding.kind).field("severity", finding.severity);
  json.text_field("node", finding.node).text_field("agent", finding.agent);
  std::optional<std::int64_t> since_us;
  if (finding.since_us != 0) since_us = finding.since_us;
  json.field("since_us", since_us).field("text", finding.text).end_object();
}

}  // namespace

boost::asio::awaitable<http::Response> get_findings(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {}); !known) co_return bad_request(known.error());
  auto job = [now_us = to_micros(api.time.wall()),
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto findings = find_all(reader, now_us);
    if (!findings) return fail(findings.error());
    JsonWriter json;
    json.begin_object().key("findings").begin_array();
    // The worst first.
    for (const std::string_view severity : {"critical", "warning"}) {
      for (const Finding& finding : *findings) {
        if (finding.severity == severity) write_finding(json, finding);
      }
    }
    json.end_array().end_object();
    return json_answer(json.take(), "", options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
