#pragma once

#include "core/mesh/channel.pb.h"
#include "core/mesh/config.pb.h"
#include "core/mesh/from_radio.pb.h"
#include "core/mesh/node_id.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmm::mesh {

// A channel as others may know it: no key.
struct ChannelSummary {
  std::uint32_t index = 0;
  std::string name;  // effective: never empty, valid UTF-8
  std::uint8_t hash = 0;
  Channel::Role role = Channel::DISABLED;

  friend bool operator==(const ChannelSummary&, const ChannelSummary&) = default;
};

// What the monitor keeps of a radio's configuration dump. Feed it every FromRadio of a connection; of channel keys it
// keeps one byte (the key's share of the channel hash), of the private key and passwords nothing.
class RadioProfile {
 public:
  static constexpr std::size_t kChannelSlots = 8;

  // True when something that the profile tells has changed.
  bool apply(const FromRadio& message);

  // The channels in use, by index. Names and hashes of unnamed channels need the LoRa configuration, which comes after
  // the channels: complete once config_complete_id has come.
  [[nodiscard]] std::vector<ChannelSummary> channels() const;

  [[nodiscard]] NodeNum node() const { return node_; }                       // 0 until my_info has come
  [[nodiscard]] const std::string& device_id() const { return device_id_; }  // raw bytes; stays when the number changes
  [[nodiscard]] const std::string& firmware_version() const { return firmware_version_; }  // valid UTF-8
  [[nodiscard]] std::optional<int> hw_model() const { return hw_model_; }
  [[nodiscard]] std::optional<int> role() const { return role_; }
  [[nodiscard]] std::optional<Config::LoRaConfig::RegionCode> region() const { return region_; }
  // Empty when the radio uses its own bandwidth and spreading factor instead of a preset.
  [[nodiscard]] std::optional<Config::LoRaConfig::ModemPreset> modem_preset() const;
  [[nodiscard]] std::optional<std::uint32_t> hop_limit() const { return hop_limit_; }

 private:
  struct Slot {
    std::string name;
    std::uint8_t key_xor = 0;
    bool has_key = false;  // false: a secondary channel then uses the primary's key
    Channel::Role role = Channel::DISABLED;

    friend bool operator==(const Slot&, const Slot&) = default;
  };

  bool apply_channel(const Channel& channel);
  bool apply_config(const Config& config);

  std::array<Slot, kChannelSlots> slots_;
  NodeNum node_ = 0;
  std::string device_id_;
  std::string firmware_version_;
  std::optional<int> hw_model_;
  std::optional<int> role_;
  std::optional<Config::LoRaConfig::RegionCode> region_;
  bool use_preset_ = true;
  Config::LoRaConfig::ModemPreset preset_ = Config::LoRaConfig::LONG_FAST;
  std::optional<std::uint32_t> hop_limit_;
};

}  // namespace mmm::mesh
