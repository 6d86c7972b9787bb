#include "core/store/stream_census.h"

#include <xxhash.h>

namespace mmm::store {
namespace {

std::uint64_t hash_of(std::string_view agent_id, std::string_view stream_id) {
  const std::string key = mark_key(agent_id, stream_id);
  return XXH3_64bits(key.data(), key.size());
}

}  // namespace

void StreamCensus::add(std::string_view agent_id, std::uint64_t stream) {
  if (streams_.insert(stream).second) ++agents_[std::string(agent_id)];
}

Result<> StreamCensus::learn(const PacketLog& log) {
  return log.each_mark([this](std::string_view agent_id, std::string_view stream_id, std::uint64_t) {
    add(agent_id, hash_of(agent_id, stream_id));
  });
}

Result<> StreamCensus::admit(std::string_view agent_id, std::string_view stream_id) {
  const std::uint64_t stream = hash_of(agent_id, stream_id);
  if (streams_.contains(stream)) return {};
  const auto agent = agents_.find(std::string(agent_id));
  if (agent == agents_.end() && agents_.size() >= limits_.agents) {
    return fail(ErrorKind::kTooMany, "this server has {} agents and takes no further one", agents_.size());
  }
  if (agent != agents_.end() && agent->second >= limits_.streams_per_agent) {
    return fail(
        ErrorKind::kTooMany,
        "the agent {} has begun {} buffers, and no further one is taken: does it keep its buffer between starts?",
        agent_id, agent->second);
  }
  if (streams_.size() >= limits_.streams) {
    return fail(ErrorKind::kTooMany, "this server has {} buffers of agents and takes no further one", streams_.size());
  }
  add(agent_id, stream);
  return {};
}

}  // namespace mmm::store
