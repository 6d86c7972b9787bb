#pragma once

#include <cstddef>

namespace mmm::ingest {

// How many connections the server may have at once: they must leave files for the stores, since the packet log stops
// for good without one to go on with. Raises this process's limit of open files, and warns when that is not enough.
std::size_t connections_max();

}  // namespace mmm::ingest
