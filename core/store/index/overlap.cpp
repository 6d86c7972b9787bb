#include "core/store/index/overlap.h"

#include <algorithm>
#include <unordered_map>

namespace mmm::index {

void OverlapCounter::add(std::span<const std::int64_t> agents) {
  if (agents.empty()) return;
  std::vector<std::int64_t> set(agents.begin(), agents.end());
  std::ranges::sort(set);
  const auto repeated = std::ranges::unique(set);
  set.erase(repeated.begin(), repeated.end());
  ++packets_;
  ++sets_[std::move(set)];
}

Overlap OverlapCounter::finish(std::size_t paired_max) {
  for (const auto& [set, count] : sets_) {
    for (const std::int64_t agent : set) {
      AgentShare& share = shares_[agent];
      share.agent = agent;
      share.packets += count;
      if (set.size() == 1) share.only += count;
    }
  }
  Overlap overlap{.packets = packets_};
  for (auto& [agent, share] : shares_) overlap.agents.push_back(std::move(share));
  std::ranges::sort(overlap.agents, [](const AgentShare& a, const AgentShare& b) {
    return a.packets != b.packets ? a.packets > b.packets : a.agent < b.agent;
  });

  std::unordered_map<std::int64_t, std::size_t> places;
  const std::size_t paired = std::min(paired_max, overlap.agents.size());
  for (std::size_t i = 0; i < paired; ++i) places.emplace(overlap.agents[i].agent, i);
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> pairs;
  std::vector<std::size_t> present;
  for (const auto& [set, count] : sets_) {
    present.clear();
    for (const std::int64_t agent : set) {
      if (const auto place = places.find(agent); place != places.end()) present.push_back(place->second);
    }
    std::ranges::sort(present);
    for (std::size_t a = 0; a < present.size(); ++a) {
      for (std::size_t b = a + 1; b < present.size(); ++b) pairs[{present[a], present[b]}] += count;
    }
  }
  for (const auto& [pair, both] : pairs) {
    overlap.pairs.push_back({.first = pair.first, .second = pair.second, .both = both});
  }
  return overlap;
}

}  // namespace mmm::index
