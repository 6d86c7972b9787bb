#pragma once

#include "core/base/result.h"
#include "ingest/care/backup.h"
#include "ingest/config.h"

#include <cstdint>

namespace mmm::ingest {

struct CheckOutcome {
  std::uint64_t records = 0;  // of the log that are good
  std::uint64_t damages = 0;  // found in log and index
};

// Reads every chunk and every file of the packet log and every page of the index, also while a server runs, and tells
// `say` what is damaged and what to do. `deep`: makes an index from the log in a file of its own and compares it with
// the index row by row, which needs as much room again. Fails when it could not look.
Result<CheckOutcome> check_stores(const ServerConfig& config, bool deep, const CareProgress& progress, const Say& say);

}  // namespace mmm::ingest
