#include "ingest/project/fingerprint.h"

#include <xxhash.h>

namespace mmm::ingest {

std::uint64_t fingerprint(const mesh::Keyring& keys, const ProjectionOptions& options) {
  const std::string text =
      fmt::format("keys={:x};flood_packets_per_hour={}", keys.fingerprint(), options.flood_packets_per_hour);
  return XXH3_64bits(text.data(), text.size());
}

}  // namespace mmm::ingest
