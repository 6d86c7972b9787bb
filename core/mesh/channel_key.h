#pragma once

#include "core/base/result.h"
#include "core/mesh/config.pb.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mmm::mesh {

// The AES key of a channel as it is used: none, 16 or 32 bytes. A secret: never print it.
class ChannelKey {
 public:
  // No encryption.
  ChannelKey() = default;

  // Expands a pre-shared key: 0 bytes none; 1 byte n: 0 none, otherwise the well-known default key with n - 1 added to
  // its last byte; 2 to 15 bytes padded with zeros to 16; 16; 17 to 31 padded to 32; 32. kInvalidArgument above 32. A
  // secondary channel with an empty key uses the primary channel's: the caller knows that one.
  static Result<ChannelKey> from_psk(std::string_view psk);

  [[nodiscard]] bool encrypts() const { return size_ != 0; }
  [[nodiscard]] std::string_view bytes() const { return {bytes_.data(), size_}; }
  // All bytes combined by exclusive or: the key's share of the channel hash.
  [[nodiscard]] std::uint8_t xor_of_bytes() const;

  friend bool operator==(const ChannelKey&, const ChannelKey&) = default;

 private:
  std::array<char, 32> bytes_{};
  std::uint8_t size_ = 0;
};

// Reads a pre-shared key as people write it and gives its raw bytes (for from_psk): `none`, `default`, `simple N` or
// `simpleN` (N from 0 to 9: the default key plus N, as the apps name it; 0 is the default itself), `base64:…`, `0x…` or
// `hex:…`, or without a prefix 32 or 64 hex digits, or else base64.
// kInvalidArgument names what is allowed and never repeats the text, since it may be a secret.
Result<std::string> parse_psk(std::string_view text);

// The byte that stands for the channel in packets on the air: exclusive or of the name and the expanded key.
std::uint8_t channel_hash(std::string_view name, const ChannelKey& key);
std::uint8_t channel_hash(std::string_view name, std::uint8_t xor_of_key_bytes);

// The name that the channel with an empty name has: that of the preset ("LongFast"), or "Custom" without a preset.
// kInvalidPresetName for a preset without one, as the firmware shows it.
inline constexpr std::string_view kInvalidPresetName = "Invalid";
std::string_view preset_channel_name(Config::LoRaConfig::ModemPreset preset);
std::string_view effective_channel_name(std::string_view name, bool use_preset, Config::LoRaConfig::ModemPreset preset);

}  // namespace mmm::mesh
