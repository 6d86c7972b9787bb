#pragma once

#include "core/store/log_id.h"

#include <cstdint>

namespace mmm::ingest {

// When a record was captured, by the server's clock as far as the log can tell.
//
// `arrival_us` is the agent's clock then, `sent_us` the agent's clock when it sent the upload (0: not told), `chunk`
// the upload's first id: the server's clock just after. An agent's clock that is off by more than a minute is corrected
// by the difference (below that the way of the upload cannot be told from skew). Never later than `id`, the record's
// id; and `id` itself when the agent has no usable clock.
std::int64_t heard_time_us(std::int64_t arrival_us, std::int64_t sent_us, store::LogId chunk, store::LogId id);

}  // namespace mmm::ingest
