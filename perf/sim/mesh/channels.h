#pragma once

#include "core/mesh/channel_key.h"
#include "core/mesh/decrypt.h"
#include "perf/sim/mesh/air_packet.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mmm::sim {

// The channels in use on the simulated mesh. Keys are fixed texts, so that a test can look for them in what must not
// contain them.
inline constexpr std::string_view kSecondChannelName = "Funkrunde";
inline constexpr std::string_view kSecondChannelPsk = "SECRET-chan-psk1";  // 16 bytes
inline constexpr std::string_view kForeignDefaultKeyName = "MediumFast";
inline constexpr std::string_view kForeignPrivateName = "Bergwacht";
inline constexpr std::string_view kDefaultPsk = "\x01";

struct AirChannelInfo {
  std::string_view name;  // the effective one
  mesh::ChannelKey key;
  std::uint8_t hash;
};

// Name, key and hash of a channel; not for kDirect.
const AirChannelInfo& channel_info(AirChannel channel);

// The ciphertext of a packet under its channel's key. Not thread-safe.
class ChannelEncryptor {
 public:
  ChannelEncryptor();
  std::string encrypt(const AirPacket& packet);

 private:
  std::array<mesh::ChannelCipher, 4> ciphers_;
};

}  // namespace mmm::sim
