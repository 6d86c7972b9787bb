#include "core/store/index/meta.h"

#include "core/sqlite/statement.h"

namespace mmm::index {

Result<std::optional<std::int64_t>> read_meta(sqlite::Database& database, std::string_view name) {
  auto statement = database.prepare("SELECT value FROM meta WHERE key = ?1");
  if (!statement) return fail(statement.error());
  auto row = statement->bind(name).step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  return statement->integer(0);
}

Result<> write_meta(sqlite::Database& database, std::string_view name, std::int64_t value) {
  auto statement = database.prepare("REPLACE INTO meta(key, value) VALUES(?1, ?2)");
  if (!statement) return fail(statement.error());
  return statement->bind(name, value).run();
}

}  // namespace mmm::index
