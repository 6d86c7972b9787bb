#include "agent/active/trace_scheduler.h"

#include <algorithm>
#include <utility>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kJitter = 15s;
// Who has been silent for longer would only cost airtime.
constexpr auto kHeardWithin = 24h;
constexpr std::chrono::milliseconds kBackOffMax = 24h;
constexpr unsigned kDoublingsMax = 16;
// A priority node that sounds is not traced again sooner; as the Python version has it.
constexpr auto kWantedAgainAfter = 4h;

}  // namespace

TraceScheduler::TraceScheduler(const ActiveConfig& config, std::function<std::uint32_t()> random)
    : config_(config), random_(std::move(random)) {
  for (const auto node : config_.priority_nodes) nodes_[node];
}

void TraceScheduler::heard(mesh::NodeNum node, WallTime when) {
  auto& entry = nodes_[node];
  entry.heard = std::max(entry.heard, when);
  if (nodes_.size() > kNodesMax) forget_one();
}

void TraceScheduler::packet_heard(mesh::NodeNum node, WallTime when, SteadyTime now) {
  heard(node, when);
  if (!config_.priority_nodes.contains(node)) return;
  const auto entry = nodes_.find(node);
  if (entry == nodes_.end() || !entry->second.tried) return;
  if (now - *entry->second.tried >= kWantedAgainAfter) entry->second.wanted = true;
}

void TraceScheduler::forget_one() {
  const auto rank = [this](const auto& entry) {
    return std::pair(config_.priority_nodes.contains(entry.first), entry.second.heard);
  };
  nodes_.erase(std::ranges::min_element(nodes_, {}, rank));
}

void TraceScheduler::start(SteadyTime now) {
  not_before_ = std::max(not_before_, now + up_to(config_.first_within));
}

bool TraceScheduler::is_due(mesh::NodeNum number, const Node& node, SteadyTime now) const {
  if (!node.tried || node.wanted) return true;
  const bool priority = config_.priority_nodes.contains(number);
  if (priority && node.answered && now - *node.answered < config_.priority_cache) return false;
  const auto interval = priority ? config_.priority_interval : config_.interval;
  const std::chrono::milliseconds backed_off = interval * (1LL << std::min(node.failures, kDoublingsMax));
  return now - *node.tried >= std::min(backed_off, std::max(interval, kBackOffMax));
}

std::optional<mesh::NodeNum> TraceScheduler::due(mesh::NodeNum own_node, WallTime wall, SteadyTime now) const {
  if (now < not_before_) return std::nullopt;
  std::optional<mesh::NodeNum> best;
  std::pair<bool, WallTime> best_rank;
  for (const auto& [number, node] : nodes_) {
    const bool priority = config_.priority_nodes.contains(number);
    if (number == own_node || (!priority && wall - node.heard > kHeardWithin) || !is_due(number, node, now)) continue;
    const std::pair rank(priority, node.heard);
    if (best && rank <= best_rank) continue;
    best = number;
    best_rank = rank;
  }
  return best;
}

void TraceScheduler::sent(mesh::NodeNum node, SteadyTime now) {
  auto& entry = nodes_[node];
  entry.tried = now;
  entry.wanted = false;
  not_before_ = now + config_.delay_between_traces + up_to(kJitter);
}

void TraceScheduler::answered(mesh::NodeNum node, SteadyTime now) {
  const auto entry = nodes_.find(node);
  if (entry == nodes_.end()) return;
  entry->second.answered = now;
  entry->second.failures = 0;
}

void TraceScheduler::failed(mesh::NodeNum node) {
  const auto entry = nodes_.find(node);
  if (entry != nodes_.end()) ++entry->second.failures;
}

void TraceScheduler::postpone(SteadyTime when) {
  not_before_ = std::max(not_before_, when);
}

SteadyTime::duration TraceScheduler::up_to(std::chrono::milliseconds longest) {
  return std::chrono::milliseconds{random_() % static_cast<std::uint32_t>(longest.count() + 1)};
}

}  // namespace mmm::agent
