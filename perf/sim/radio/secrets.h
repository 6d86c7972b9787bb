#pragma once

#include "perf/sim/mesh/node.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mmm::sim {

// What a radio's configuration holds that must never leave the link. The texts say so, so that a search finds them in
// logs, buffers and uploads.
struct RadioSecrets {
  std::string channel_psk;  // of the second channel
  std::string private_key;  // the node's own: random bytes
  std::string admin_key;
  std::string wifi_psk;
  std::string mqtt_user;
  std::string mqtt_password;
  std::uint32_t bluetooth_pin = 0;
};

// `number`: 1 for the first radio.
RadioSecrets make_secrets(std::size_t number, const Node& node);

struct NamedSecret {
  std::string_view name;
  std::string bytes;  // as they stand in the messages, the pin in decimal
};
std::vector<NamedSecret> list_secrets(const RadioSecrets& secrets);

}  // namespace mmm::sim
