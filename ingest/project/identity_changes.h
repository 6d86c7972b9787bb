#pragma once

#include "core/store/index/node_rows.h"
#include "core/store/index/rows.h"

#include <cstdint>
#include <vector>

namespace mmm::ingest {

// Appends what of the node's identity is different now. `time_us`: when we learnt it.
void note_identity_changes(const index::NodeRow& before, const index::NodeRow& after, std::int64_t time_us,
                           std::vector<index::IdentityChangeRow>& changes);

}  // namespace mmm::ingest
