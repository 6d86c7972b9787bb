#include "core/mesh/radio_profile.h"

#include "core/base/encoding.h"
#include "core/mesh/channel_key.h"

namespace mmm::mesh {
namespace {

template <class T, class U>
bool assign(T& target, U&& value) {
  if (target == value) return false;
  target = std::forward<U>(value);
  return true;
}

}  // namespace

bool RadioProfile::apply(const FromRadio& message) {
  switch (message.payload_variant_case()) {
    case FromRadio::kMyInfo: {
      const bool num_changed = assign(node_, message.my_info().my_node_num());
      return assign(device_id_, message.my_info().device_id()) || num_changed;
    }
    case FromRadio::kNodeInfo: {
      const NodeInfo& info = message.node_info();
      return info.num() == node_ && info.has_user() && assign(hw_model_, static_cast<int>(info.user().hw_model()));
    }
    case FromRadio::kMetadata: {
      const DeviceMetadata& metadata = message.metadata();
      const bool version_changed = assign(firmware_version_, sanitize_utf8(metadata.firmware_version()));
      const bool model_changed = assign(hw_model_, static_cast<int>(metadata.hw_model()));
      return assign(role_, static_cast<int>(metadata.role())) || version_changed || model_changed;
    }
    case FromRadio::kChannel:
      return apply_channel(message.channel());
    case FromRadio::kConfig:
      return apply_config(message.config());
    default:
      return false;
  }
}

bool RadioProfile::apply_channel(const Channel& channel) {
  if (channel.index() < 0 || static_cast<std::size_t>(channel.index()) >= kChannelSlots) {
    return false;
  }
  Slot slot;
  slot.name = channel.settings().name();
  slot.role = channel.role();
  slot.has_key = !channel.settings().psk().empty();
  if (const auto key = ChannelKey::from_psk(channel.settings().psk())) slot.key_xor = key->xor_of_bytes();
  return assign(slots_[static_cast<std::size_t>(channel.index())], std::move(slot));
}

bool RadioProfile::apply_config(const Config& config) {
  if (config.has_device()) {
    return assign(role_, static_cast<int>(config.device().role()));
  }
  if (!config.has_lora()) {
    return false;
  }
  const Config::LoRaConfig& lora = config.lora();
  bool changed = assign(region_, lora.region());
  changed = assign(use_preset_, lora.use_preset()) || changed;
  changed = assign(preset_, lora.modem_preset()) || changed;
  return assign(hop_limit_, lora.hop_limit()) || changed;
}

std::vector<ChannelSummary> RadioProfile::channels() const {
  std::uint8_t primary_key_xor = 0;
  for (const Slot& slot : slots_) {
    if (slot.role == Channel::PRIMARY) primary_key_xor = slot.key_xor;
  }
  std::vector<ChannelSummary> channels;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Slot& slot = slots_[i];
    if (slot.role == Channel::DISABLED) {
      continue;
    }
    const std::string_view name = effective_channel_name(slot.name, use_preset_, preset_);
    const bool borrows_key = slot.role == Channel::SECONDARY && !slot.has_key;
    channels.push_back({.index = static_cast<std::uint32_t>(i),
                        .name = sanitize_utf8(name),
                        .hash = channel_hash(name, borrows_key ? primary_key_xor : slot.key_xor),
                        .role = slot.role});
  }
  return channels;
}

std::optional<Config::LoRaConfig::ModemPreset> RadioProfile::modem_preset() const {
  if (!region_ || !use_preset_) return std::nullopt;
  return preset_;
}

}  // namespace mmm::mesh
