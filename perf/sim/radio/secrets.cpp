#include "perf/sim/radio/secrets.h"

#include "perf/sim/mesh/channels.h"

#include <fmt/format.h>

namespace mmm::sim {

RadioSecrets make_secrets(std::size_t number, const Node& node) {
  return {.channel_psk = std::string(kSecondChannelPsk),
          .private_key = node.keys.private_key,
          .admin_key = fmt::format("SECRET-admin-key-of-radio-{:06}", number),  // 32 bytes, as a key has
          .wifi_psk = fmt::format("SECRET-wifi-psk-{}", number),
          .mqtt_user = fmt::format("SECRET-mqtt-user-{}", number),
          .mqtt_password = fmt::format("SECRET-mqtt-password-{}", number),
          .bluetooth_pin = 731'900 + static_cast<std::uint32_t>(number)};
}

std::vector<NamedSecret> list_secrets(const RadioSecrets& secrets) {
  return {{"channel_psk", secrets.channel_psk},
          {"private_key", secrets.private_key},
          {"admin_key", secrets.admin_key},
          {"wifi_psk", secrets.wifi_psk},
          {"mqtt_user", secrets.mqtt_user},
          {"mqtt_password", secrets.mqtt_password},
          {"bluetooth_pin", fmt::format("{}", secrets.bluetooth_pin)}};
}

}  // namespace mmm::sim
