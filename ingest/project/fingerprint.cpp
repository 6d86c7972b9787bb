#include "ingest/project/fingerprint.h"

#include <xxhash.h>

namespace mmm::ingest {

std::uint64_t fingerprint(const mesh::Keyring& keys, const ProjectionOptions& options) {
  std::string text =
      fmt::format("keys={:x};flood_packets_per_hour={}", keys.fingerprint(), options.flood_packets_per_hour);
  if (options.privacy.is_active()) text += ";" + options.privacy.describe();
  return XXH3_64bits(text.data(), text.size());
}

std::uint64_t privacy_fingerprint(const mesh::Privacy& privacy) {
  if (!privacy.is_active()) return 0;
  const std::string text = privacy.describe();
  return XXH3_64bits(text.data(), text.size());
}

}  // namespace mmm::ingest
