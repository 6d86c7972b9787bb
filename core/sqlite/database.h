#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;

namespace mmm::sqlite {

class Statement;

struct OpenOptions {
  bool read_only = false;
  bool create = true;  // false: a missing file is kNotFound
  // Keeps every other connection out. Said before the file is read for the first time, it also spares a file in WAL
  // mode the shared memory file beside it, which could not be made on a full disk.
  bool exclusive = false;
  // Pages kept in memory by this connection, and bytes of the file that are mapped instead of read.
  std::int64_t cache_bytes = 8 << 20;
  std::int64_t mmap_bytes = 0;
  // How long a statement waits for another connection's lock before it fails with kUnavailable.
  int busy_timeout_ms = 5000;
};

// One SQLite connection.
//
// Concurrency: one thread at a time. Statements made here must be destroyed before it.
// Errors: kDiskFull (nothing written), kCorrupt (not a database, or damaged), kUnavailable (locked by another
// connection), kNotFound, else kIo; the message names the file and SQLite's own words.
class Database {
 public:
  static Result<Database> open(const std::filesystem::path& path, const OpenOptions& options);
  Database(Database&&) noexcept = default;
  Database& operator=(Database&&) noexcept = default;

  // Runs statements without results, several separated by semicolons.
  [[nodiscard]] Result<> execute(const char* sql);
  // For statements that are used again and again.
  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  // The first column of the first row, as for a PRAGMA; 0 when there is no row.
  [[nodiscard]] Result<std::int64_t> integer(std::string_view sql);

  // PRAGMA user_version: the version of the stored form.
  [[nodiscard]] Result<std::int64_t> user_version();

  // Turns SQLite's code of the last failure into an Error: "index.db: insert packet: disk I/O error".
  [[nodiscard]] Error error(int code, std::string_view doing) const;
  [[nodiscard]] sqlite3* handle() const { return handle_.get(); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  Database(sqlite3* handle, std::filesystem::path path);
  std::unique_ptr<sqlite3, Close> handle_;
  std::filesystem::path path_;
};

}  // namespace mmm::sqlite
