#pragma once

#include "core/config/config_reader.h"
#include "core/mesh/privacy.h"

#include <chrono>

namespace mmm::ingest {

// [privacy]: what nobody who reads is shown, or not yet.
struct PrivacyConfig {
  mesh::Privacy kept_back{};
  // Everything is shown as it was so long ago.
  std::chrono::milliseconds delay{0};

  friend bool operator==(const PrivacyConfig&, const PrivacyConfig&) = default;
};

// Mistakes are noted in the reader.
PrivacyConfig read_privacy(config::ConfigReader& reader);

}  // namespace mmm::ingest
