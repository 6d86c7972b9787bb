#include "ingest/keyring.h"

#include "core/mesh/channel_key.h"

namespace mmm::ingest {

Result<std::unique_ptr<mesh::Keyring>> make_keyring(const ServerConfig& config) {
  auto keys = std::make_unique<mesh::Keyring>();
  keys->add_default_channels();
  for (const ServerConfig::Named& channel : config.channels) {
    auto key = mesh::ChannelKey::from_psk(channel.value);
    if (!key) return fail(key.error().with("[channels] {}", channel.name));
    keys->add(channel.name, *key);
  }
  return keys;
}

}  // namespace mmm::ingest
