#pragma once

#include <cstdint>

namespace mmm::store {

// A record's place in the packet log and its time there: microseconds since the epoch of the append, made strictly
// rising. Below 2^53, so that it is exact in JavaScript.
using LogId = std::uint64_t;

}  // namespace mmm::store
