#pragma once

#include "core/base/result.h"
#include "core/store/packet_log.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace mmm::store {

// How many agents and streams there are at most: each takes memory and rows for ever, and a key that several agents
// share could make any number of them.
struct CensusLimits {
  std::size_t agents = 0;
  std::size_t streams_per_agent = 0;
  std::size_t streams = 0;  // of all agents
};

// Knows every agent and stream of the log, by hashes, and lets in new ones up to the limits. The writer's thread only.
class StreamCensus {
 public:
  explicit StreamCensus(const CensusLimits& limits) : limits_(limits) {}

  // Learns those that the log has, whatever the limits say.
  Result<> learn(const PacketLog& log);
  // Fails with kTooMany when the agent or the stream is new and one too many.
  Result<> admit(std::string_view agent_id, std::string_view stream_id);

 private:
  void add(std::string_view agent_id, std::uint64_t stream);

  CensusLimits limits_;
  std::unordered_map<std::string, std::uint32_t> agents_;  // with their streams' number
  std::unordered_set<std::uint64_t> streams_;              // of mark_key()
};

}  // namespace mmm::store
