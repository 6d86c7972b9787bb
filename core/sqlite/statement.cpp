#include "core/sqlite/statement.h"

#include "core/base/check.h"
#include "core/sqlite/error_kind.h"

#include <sqlite3.h>

#include <string>

namespace mmm::sqlite {

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Statement::bind_integer(int index, std::int64_t value) {
  MMM_CHECK(sqlite3_bind_int64(statement_.get(), index, value) == SQLITE_OK);
}

void Statement::bind_value(int index, double value) {
  MMM_CHECK(sqlite3_bind_double(statement_.get(), index, value) == SQLITE_OK);
}

// An empty view may have no data pointer, which SQLite would bind as NULL.
void Statement::bind_value(int index, std::string_view text) {
  const char* data = text.data() != nullptr ? text.data() : "";
  MMM_CHECK(sqlite3_bind_text64(statement_.get(), index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK);
}

void Statement::bind_value(int index, Blob blob) {
  const char* data = blob.bytes.data() != nullptr ? blob.bytes.data() : "";
  MMM_CHECK(sqlite3_bind_blob64(statement_.get(), index, data, blob.bytes.size(), SQLITE_STATIC) == SQLITE_OK);
}

void Statement::bind_value(int index, std::nullopt_t) {
  MMM_CHECK(sqlite3_bind_null(statement_.get(), index) == SQLITE_OK);
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_.get());
    return false;
  }
  const Error failure = error(code);
  sqlite3_reset(statement_.get());
  return fail(failure);
}

Result<> Statement::run() {
  auto row = step();
  if (!row) return fail(row.error());
  if (*row) reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string_view Statement::blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<double> Statement::optional_real(int column) const {
  if (is_null(column)) return std::nullopt;
  return real(column);
}

Error Statement::error(int code) const {
  sqlite3* handle = sqlite3_db_handle(statement_.get());
  const char* file = sqlite3_db_filename(handle, "main");
  const std::string where = fmt::format("{}: {}", file != nullptr ? file : "", sqlite3_sql(statement_.get()));
  const std::string text = fmt::format("{}: {} ({})", where, sqlite3_errmsg(handle), code);
  return Error{error_kind(code), text};
}

}  // namespace mmm::sqlite
