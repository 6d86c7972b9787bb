#pragma once

#include "perf/sim/mesh/random.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace mmm::sim {

// An X25519 key pair, 32 bytes each.
struct KeyPair {
  std::string private_key;
  std::string public_key;
};

KeyPair make_key_pair(Random& random);

// The number that firmware 2.8 gives a node: the CRC-32 of its public key.
std::uint32_t node_number_of(std::string_view public_key);

// A direct message as radios encrypt it: AES-256-CCM under the SHA-256 of the X25519 shared secret, 8 bytes of tag and
// the 4 bytes of `extra_nonce` appended. `plain` is the serialized Data message.
std::string encrypt_direct(std::string_view plain, std::string_view private_key, std::string_view peer_public_key,
                           std::uint32_t packet_id, std::uint32_t from, std::uint32_t extra_nonce);

}  // namespace mmm::sim
