#pragma once

#include "core/base/result.h"
#include "core/sqlite/database.h"

#include <cstdint>
#include <filesystem>

namespace mmm::index {

// The version of the tables below, in PRAGMA user_version. Raise it with every change of a table or of what the
// projection writes into it: an index of another version is built again from the log.
inline constexpr std::int64_t kSchemaVersion = 5;

// What stands at `path`.
enum class IndexFile : std::uint8_t {
  kMissing,   // no file, or one without tables
  kUsable,    // of this version
  kOutdated,  // of an older version: build it again
  kDamaged,   // not a database, or one without what it must hold: build it again
};

// Fails with kNewerVersion for an index of a later version of the program, kIo when the file cannot be read.
Result<IndexFile> inspect(const std::filesystem::path& path);

// Makes the tables in an empty database, WAL mode included.
Result<> create_tables(sqlite::Database& database);

// Removes the database file and the files that SQLite keeps beside it.
Result<> remove_index(const std::filesystem::path& path);

// Gives the database file, and the files that SQLite keeps beside it, the name `to`.
Result<> rename_index(const std::filesystem::path& path, const std::filesystem::path& to);

// Held shared (core/base/file_lock.h) by who opens the index, and alone by replace_index().
std::filesystem::path swap_lock_path(const std::filesystem::path& path);

// Bytes of the index's file and its WAL; 0 when there is none.
std::uint64_t bytes_on_disk(const std::filesystem::path& path);

// Moves a database, whose connections are closed and whose WAL is empty, over another one. Readers may have the other
// one open: they go on with it until they look again (IndexReader::refresh).
Result<> replace_index(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace mmm::index
