#include "core/mesh/hops.h"

namespace mmm::mesh {

std::optional<std::uint32_t> hops_away(std::uint32_t hop_start, std::uint32_t hop_limit, bool has_bitfield) {
  if (hop_limit > hop_start || (hop_start == 0 && !has_bitfield)) {
    return std::nullopt;
  }
  return hop_start - hop_limit;
}

}  // namespace mmm::mesh
