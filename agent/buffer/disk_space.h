#pragma once

#include "core/base/result.h"
#include "core/sqlite/database.h"

#include <cstdint>

namespace mmm::agent {

// Keeps a full disk from stopping the buffer: what a commit will need later, at the checkpoint, is taken from the file
// system before the commit, so that on a full disk the space that the buffer has already goes on being usable.

// Gives the write-ahead log the size that it reaches anyway. Call after the database has been opened. Best effort:
// without it a full disk is only survived once the log has grown by itself.
void reserve_log_space(const sqlite::Database& database);

// Makes the file at least so long. Fails with kDiskFull.
[[nodiscard]] Result<> reserve_file_space(sqlite::Database& database, std::uint64_t bytes);

}  // namespace mmm::agent
