#pragma once

#include "core/store/index/rows.h"
#include "core/upload/upload.pb.h"

#include <cstdint>
#include <vector>

// When an agent's records are missing, and why: told from what its uploads say of themselves. What its uplink holds up
// is no gap, since it comes later.
namespace mmm::ingest {

// The upload that follows in `stream`, whose first record is from `first_us`: what its ledger has lost since the one
// that the stream has.
void note_losses(const index::StreamRow& stream, const upload::Ledger& ledger, std::int64_t first_us,
                 std::vector<index::GapRow>& gaps);

// `stream` is new, and its radio had others, the newest of whose records is from `last_us`; 0: it had none.
void note_new_buffer(const index::StreamRow& stream, std::int64_t last_us, std::int64_t first_us,
                     std::vector<index::GapRow>& gaps);

// What the agent said of itself and its radio at `heard_us`.
void note_status(index::StreamRow& stream, const upload::AgentStatus& status, std::int64_t heard_us,
                 std::vector<index::GapRow>& gaps);

}  // namespace mmm::ingest
