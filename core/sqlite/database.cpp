#include "core/sqlite/database.h"

#include "core/sqlite/error_kind.h"
#include "core/sqlite/statement.h"

#include <sqlite3.h>

#include <system_error>

namespace mmm::sqlite {
void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

Database::Database(sqlite3* handle, std::filesystem::path path) : handle_(handle), path_(std::move(path)) {}

Result<Database> Database::open(const std::filesystem::path& path, const OpenOptions& options) {
  std::error_code ignored;
  if ((options.read_only || !options.create) && !std::filesystem::exists(path, ignored)) {
    return fail(ErrorKind::kNotFound, "{}: no such file", path.string());
  }
  // A connection belongs to one thread at a time, so SQLite's own mutexes are not needed.
  int flags = SQLITE_OPEN_NOMUTEX | (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
  if (!options.read_only && options.create) flags |= SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Database database(handle, path);
  if (code != SQLITE_OK) return fail(database.error(code, "open"));
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, options.busy_timeout_ms);
  // The sizes of cache and map read the file.
  const std::string pragmas = fmt::format("{}PRAGMA cache_size=-{}; PRAGMA mmap_size={}; PRAGMA temp_store=MEMORY;",
                                          options.exclusive ? "PRAGMA locking_mode=EXCLUSIVE; " : "",
                                          options.cache_bytes / 1024, options.mmap_bytes);
  if (auto result = database.execute(pragmas.c_str()); !result) return fail(result.error());
  return database;
}

Result<> Database::execute(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(error(code, sql));
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return fail(error(code, sql));
  return Statement(statement);
}

Result<std::int64_t> Database::integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return fail(statement.error());
  auto row = statement->step();
  if (!row) return fail(row.error());
  return *row ? statement->integer(0) : 0;
}

Result<std::int64_t> Database::user_version() {
  return integer("PRAGMA user_version");
}

Error Database::error(int code, std::string_view doing) const {
  std::string words = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
  // SQLite's words for it do not say why.
  const int cause = handle_ ? sqlite3_system_errno(handle_.get()) : 0;
  if (cause != 0 && (code & 0xFF) == SQLITE_CANTOPEN) {
    words += fmt::format(": {}", std::system_category().message(cause));
  }
  return Error{error_kind(code), fmt::format("{}: {}: {} ({})", path_.string(), doing, words, code)};
}

}  // namespace mmm::sqlite
