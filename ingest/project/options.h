#pragma once

#include "core/mesh/privacy.h"

#include <cstdint>

namespace mmm::ingest {

// What decides about the index's rows besides the log. A change shows in what is projected from then on; `mmm-server
// reindex` applies it to the past.
struct ProjectionOptions {
  // Packets of one node in one hour that get rows; what it sends beyond is counted. One every two seconds for an hour
  // is more than a channel bears, while a node that went wrong was seen to send fifty a second for days.
  std::uint64_t flood_packets_per_hour = 1800;
  // What is kept back from readers does not come into the index, so that no question can bring it out. An index made
  // with other privacy is not served at all, see Projection::is_as_private().
  mesh::Privacy privacy{};
};

}  // namespace mmm::ingest
