#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>

namespace mmm {

// The process that has a record lock (fcntl, as RocksDB and SQLite use; not FileLock's) on the file; empty: none has,
// or the file cannot be opened. Takes no lock. Not for a file on which this process has locks: closing it loses those.
std::optional<pid_t> lock_owner(const std::filesystem::path& path);

}  // namespace mmm
