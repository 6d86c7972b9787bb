#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

// What agents hear in common, and what only one of them hears.
namespace mmm::index {

struct AgentShare {
  std::int64_t agent = 0;     // AgentRow::num
  std::string agent_id{};     // filled by queries only
  std::uint64_t packets = 0;  // that it heard over the air
  std::uint64_t only = 0;     // of these, which nobody else heard
};

// Two of the agents, by their place in Overlap::agents; the first is lower.
struct AgentPair {
  std::size_t first = 0;
  std::size_t second = 0;
  std::uint64_t both = 0;  // packets that both heard
};

struct Overlap {
  std::int64_t since_us = 0;         // the oldest packet looked at came then, or what was asked for
  bool complete = true;              // false: there are older ones within what was asked for
  std::uint64_t packets = 0;         // looked at, heard over the air
  std::vector<AgentShare> agents{};  // most packets first
  std::vector<AgentPair> pairs{};    // of the first `paired_max` agents, those with a packet in common
};

// Counts packet by packet.
class OverlapCounter {
 public:
  // The agents that heard one packet over the air; each counts once, however often it is named.
  void add(std::span<const std::int64_t> agents);

  // What was counted; pairs are told of the `paired_max` agents with the most packets. To be called once.
  Overlap finish(std::size_t paired_max);

 private:
  std::uint64_t packets_ = 0;
  std::map<std::int64_t, AgentShare> shares_;
  // Sets of agents that heard the same packets, and how many: a mesh has far fewer of them than packets.
  std::map<std::vector<std::int64_t>, std::uint64_t> sets_;
};

}  // namespace mmm::index
