#pragma once

#include <cstdint>
#include <optional>

namespace mmm::mesh {

// How many relays a packet passed: hop_start - hop_limit. Unknown when hop_limit is above hop_start, or when hop_start
// is 0 and nothing proves that the sender sets it (a bitfield in its Data does: firmware 2.5 or later). A lower bound,
// since some routers do not count themselves.
std::optional<std::uint32_t> hops_away(std::uint32_t hop_start, std::uint32_t hop_limit, bool has_bitfield);

}  // namespace mmm::mesh
