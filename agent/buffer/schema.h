#pragma once

#include "core/base/result.h"
#include "core/sqlite/database.h"

namespace mmm::agent {

// Makes the tables in a new file, or checks that an existing one is an agent's buffer of a version that we know.
// Fails with kInvalidArgument (another program's file), kNewerVersion, kCorrupt, kUnavailable (another agent has it
// open), or what SQLite says.
Result<> prepare_buffer_schema(sqlite::Database& database);

}  // namespace mmm::agent
