#pragma once

#include "core/mesh/from_radio.pb.h"
#include "perf/sim/mesh/node.h"
#include "perf/sim/radio/secrets.h"

#include <cstdint>
#include <vector>

namespace mmm::sim {

// Nonces with a meaning of their own: everything but the other nodes, and the nodes alone.
inline constexpr std::uint32_t kNonceOnlyConfig = 69420;
inline constexpr std::uint32_t kNonceOnlyNodes = 69421;

struct ConfigDumpInput {
  const Node& node;
  const RadioSecrets& secrets;
  std::uint32_t nonce = 0;
  std::uint32_t reboot_count = 0;
  std::int64_t now_us = 0;  // the world's clock
  std::vector<mesh::NodeInfo> other_nodes;
};

// The answer to want_config, in the order of firmware 2.8, config_complete_id last.
std::vector<mesh::FromRadio> config_dump(const ConfigDumpInput& input);

mesh::DeviceMetadata metadata_of(const Node& node);

}  // namespace mmm::sim
