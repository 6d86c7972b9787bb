#include "perf/sim/radio/config_dump.h"

#include "perf/sim/mesh/channels.h"
#include "perf/sim/mesh/node_payload.h"
#include "perf/sim/mesh/telemetry_payload.h"

#include <openssl/sha.h>

#include <array>

namespace mmm::sim {
namespace {

constexpr int kChannels = 8;
constexpr std::uint32_t kMinAppVersion = 30200;
constexpr std::string_view kFirmwareVersion = "2.8.0.7754068";

mesh::FromRadio my_info(const ConfigDumpInput& input) {
  mesh::FromRadio message;
  auto& info = *message.mutable_my_info();
  info.set_my_node_num(input.node.num);
  info.set_reboot_count(input.reboot_count);
  info.set_min_app_version(kMinAppVersion);
  // Of the hardware and not of the key, so it must not follow from the node's number: but it may follow from its name.
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(input.secrets.wifi_psk.data()), input.secrets.wifi_psk.size(),
         digest.data());
  info.set_device_id(digest.data(), 16);
  info.set_pio_env("heltec-v3");
  info.set_nodedb_count(static_cast<std::uint32_t>(input.other_nodes.size() + 1));
  return message;
}

mesh::FromRadio own_node(const ConfigDumpInput& input) {
  mesh::FromRadio message;
  auto& info = *message.mutable_node_info();
  Node node = input.node;  // a copy: making telemetry moves its battery
  Random random(mix(node.num, 0x6F776E));
  info.set_num(node.num);
  *info.mutable_user() = user_of(node);
  *info.mutable_position() = position_of(node, input.now_us, random);
  *info.mutable_device_metrics() = device_telemetry(node, input.now_us, random).device_metrics();
  info.set_last_heard(epoch_seconds(input.now_us));
  info.set_is_favorite(true);
  return message;
}

mesh::FromRadio region_presets() {
  using Lora = mesh::Config::LoRaConfig;
  mesh::FromRadio message;
  auto& map = *message.mutable_region_presets();
  auto& common = *map.add_groups();
  for (const auto preset : {Lora::LONG_FAST, Lora::LONG_MODERATE, Lora::LONG_TURBO, Lora::MEDIUM_SLOW,
                            Lora::MEDIUM_FAST, Lora::SHORT_SLOW, Lora::SHORT_FAST, Lora::SHORT_TURBO}) {
    common.add_presets(preset);
  }
  auto& narrow = *map.add_groups();
  narrow.add_presets(Lora::NARROW_FAST);
  narrow.add_presets(Lora::NARROW_SLOW);
  narrow.set_default_preset(Lora::NARROW_SLOW);
  narrow.set_licensed_only(true);
  for (const auto region : {Lora::US, Lora::EU_433, Lora::EU_868, Lora::ANZ, Lora::KR, Lora::EU_N_868}) {
    auto& entry = *map.add_region_groups();
    entry.set_region(region);
    entry.set_group_index(region == Lora::EU_N_868 ? 1 : 0);
  }
  return message;
}

mesh::FromRadio channel(int index, const RadioSecrets& secrets) {
  mesh::FromRadio message;
  auto& channel = *message.mutable_channel();
  channel.set_index(index);
  auto& settings = *channel.mutable_settings();
  if (index == 0) {
    channel.set_role(mesh::Channel::PRIMARY);
    settings.set_psk(std::string(kDefaultPsk));
    settings.mutable_module_settings()->set_position_precision(13);
  } else if (index == 1) {
    channel.set_role(mesh::Channel::SECONDARY);
    settings.set_psk(secrets.channel_psk);
    settings.set_name(std::string(kSecondChannelName));
    settings.set_uplink_enabled(true);
  }
  return message;
}

void set_lora(mesh::Config::LoRaConfig& lora, const Node& node) {
  lora.set_use_preset(true);
  lora.set_modem_preset(mesh::Config::LoRaConfig::LONG_FAST);
  lora.set_region(mesh::Config::LoRaConfig::EU_868);
  lora.set_hop_limit(node.hop_limit);
  lora.set_tx_enabled(true);
  lora.set_tx_power(static_cast<std::int32_t>(node.tx_power_dbm));
  lora.set_sx126x_rx_boosted_gain(true);
}

std::vector<mesh::FromRadio> configs(const ConfigDumpInput& input) {
  const RadioSecrets& secrets = input.secrets;
  std::array<mesh::Config, 10> parts;
  parts[0].mutable_device()->set_role(static_cast<mesh::Config::DeviceConfig::Role>(input.node.role));
  parts[0].mutable_device()->set_node_info_broadcast_secs(10'800);
  parts[0].mutable_device()->set_tzdef("CET-1CEST,M3.5.0,M10.5.0/3");
  parts[1].mutable_position()->set_position_broadcast_secs(3600);
  parts[1].mutable_position()->set_position_flags(811);
  parts[2].mutable_power()->set_ls_secs(300);
  parts[3].mutable_network()->set_wifi_enabled(true);
  parts[3].mutable_network()->set_wifi_ssid("mesh-shack");
  parts[3].mutable_network()->set_wifi_psk(secrets.wifi_psk);
  parts[3].mutable_network()->set_ntp_server("pool.ntp.org");
  parts[4].mutable_display()->set_screen_on_secs(600);
  set_lora(*parts[5].mutable_lora(), input.node);
  parts[6].mutable_bluetooth()->set_enabled(true);
  parts[6].mutable_bluetooth()->set_mode(mesh::Config::BluetoothConfig::FIXED_PIN);
  parts[6].mutable_bluetooth()->set_fixed_pin(secrets.bluetooth_pin);
  auto& security = *parts[7].mutable_security();
  security.set_public_key(input.node.keys.public_key);
  security.set_private_key(secrets.private_key);
  security.add_admin_key(secrets.admin_key);
  security.set_serial_enabled(true);
  parts[8].mutable_sessionkey();
  parts[9].mutable_device_ui();

  std::vector<mesh::FromRadio> messages;
  for (auto& part : parts) *messages.emplace_back().mutable_config() = std::move(part);
  return messages;
}

std::vector<mesh::FromRadio> module_configs(const RadioSecrets& secrets) {
  std::array<mesh::ModuleConfig, 17> parts;
  auto& mqtt = *parts[0].mutable_mqtt();
  mqtt.set_address("mqtt.example.org");
  mqtt.set_username(secrets.mqtt_user);
  mqtt.set_password(secrets.mqtt_password);
  mqtt.set_encryption_enabled(true);
  mqtt.set_root("msh/EU_868");
  parts[1].mutable_serial();
  parts[2].mutable_external_notification();
  parts[3].mutable_store_forward();
  parts[4].mutable_range_test();
  parts[5].mutable_telemetry()->set_device_update_interval(3600);
  parts[6].mutable_canned_message();
  parts[7].mutable_audio();
  parts[8].mutable_remote_hardware();
  parts[9].mutable_neighbor_info()->set_enabled(true);
  parts[10].mutable_ambient_lighting();
  parts[11].mutable_detection_sensor();
  parts[12].mutable_paxcounter();
  parts[13].mutable_statusmessage();
  parts[14].mutable_traffic_management();
  parts[15].mutable_tak();
  parts[16].mutable_mesh_beacon();

  std::vector<mesh::FromRadio> messages;
  for (auto& part : parts) *messages.emplace_back().mutable_module_config() = std::move(part);
  return messages;
}

std::vector<mesh::FromRadio> files() {
  std::vector<mesh::FromRadio> messages;
  for (const auto& [name, size] : {std::pair{"/prefs/channels.proto", 96U},
                                   {"/prefs/config.proto", 212U},
                                   {"/prefs/module.proto", 115U},
                                   {"/prefs/nodes.proto", 4096U}}) {
    auto& file = *messages.emplace_back().mutable_file_info();
    file.set_file_name(name);
    file.set_size_bytes(size);
  }
  return messages;
}

}  // namespace

mesh::DeviceMetadata metadata_of(const Node& node) {
  mesh::DeviceMetadata metadata;
  metadata.set_firmware_version(std::string(kFirmwareVersion));
  metadata.set_device_state_version(25);
  metadata.set_can_shutdown(true);
  metadata.set_has_wifi(true);
  metadata.set_has_bluetooth(true);
  metadata.set_role(static_cast<mesh::Config::DeviceConfig::Role>(node.role));
  metadata.set_position_flags(811);
  metadata.set_hw_model(static_cast<mesh::HardwareModel>(node.hw_model));
  metadata.set_has_pkc(true);
  return metadata;
}

std::vector<mesh::FromRadio> config_dump(const ConfigDumpInput& input) {
  const bool nodes_only = input.nonce == kNonceOnlyNodes;
  std::vector<mesh::FromRadio> messages;
  const auto append = [&messages](std::vector<mesh::FromRadio> more) {
    for (auto& message : more) messages.push_back(std::move(message));
  };
  if (!nodes_only) {
    messages.push_back(my_info(input));
    messages.emplace_back().mutable_device_ui_config();
  }
  messages.push_back(own_node(input));
  if (!nodes_only) {
    *messages.emplace_back().mutable_metadata() = metadata_of(input.node);
    messages.push_back(region_presets());
    for (int index = 0; index < kChannels; ++index) messages.push_back(channel(index, input.secrets));
    append(configs(input));
    append(module_configs(input.secrets));
  }
  if (input.nonce != kNonceOnlyConfig) {
    for (const auto& info : input.other_nodes) *messages.emplace_back().mutable_node_info() = info;
  }
  if (!nodes_only) append(files());
  messages.emplace_back().set_config_complete_id(input.nonce);
  return messages;
}

}  // namespace mmm::sim
