#pragma once

#include "core/config/config_reader.h"
#include "core/mesh/node_id.h"

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace mmm::agent {

// What the agent does beside listening. Everything is off unless the file says otherwise in keys of its own.
struct ActiveConfig {
  bool traceroutes = false;
  bool set_time = false;                                                 // of its radio
  std::chrono::milliseconds interval{std::chrono::hours{1}};             // between traces of one node
  std::chrono::milliseconds delay_between_traces{30'000};                // never less than the radio's limit of 30 s
  std::chrono::milliseconds first_within{std::chrono::minutes{5}};       // after each handshake, at random
  std::uint32_t hop_limit = 7;                                           // 1 to 7
  double airtime_percent = 1;                                            // of the channel's time, whole floods
  double channel_utilization_max = 25;                                   // %: above it nothing is sent
  std::set<mesh::NodeNum> priority_nodes;                                // traced before all others
  std::chrono::milliseconds priority_interval{std::chrono::minutes{5}};  // between attempts
  std::chrono::milliseconds priority_cache{std::chrono::hours{12}};      // a route found is good for so long
};

// Reads [route_discovery] and the priority keys of [agent], which are for every radio. What a file of the Python
// version asks for and is not done without `transmit = true` becomes a line of `remarks`.
ActiveConfig read_active_config(config::ConfigReader& reader, std::vector<std::string>& remarks);

}  // namespace mmm::agent
