#include "core/store/index/compare.h"

#include "core/base/encoding.h"
#include "core/sqlite/statement.h"

#include <sqlite3.h>

#include <memory>
#include <vector>

namespace mmm::index {
namespace {

// More rows of one table tell nothing new.
constexpr std::uint64_t kDifferencesShownMax = 5;

Result<std::vector<std::string>> texts(sqlite::Database& database, std::string_view sql) {
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  std::vector<std::string> all;
  for (;;) {
    auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return all;
    all.emplace_back(statement->text(0));
  }
}

// Rows in the order of the primary key, or else of the row id: both files give the same order.
Result<std::string> select_of(sqlite::Database& database, const std::string& table) {
  auto keys = texts(database, fmt::format("SELECT '\"' || name || '\"' FROM pragma_table_info('{}') WHERE pk > 0 "
                                          "ORDER BY pk",
                                          table));
  if (!keys) return fail(keys.error());
  return fmt::format("SELECT * FROM \"{}\" ORDER BY {}", table,
                     keys->empty() ? "rowid" : fmt::format("{}", fmt::join(*keys, ", ")));
}

// A row's values with their types, so that equal bytes mean equal rows.
void row_bytes(sqlite3_stmt* row, std::string& out) {
  out.clear();
  for (int i = 0; i < sqlite3_column_count(row); ++i) {
    const int type = sqlite3_column_type(row, i);
    out += static_cast<char>(type);
    if (type == SQLITE_NULL) continue;
    // Before the length, which it may change.
    const void* bytes = sqlite3_column_blob(row, i);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, i));
    append_u64_be(out, size);
    if (size > 0) out.append(static_cast<const char*>(bytes), size);
  }
}

struct FinalizeRows {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

class Rows {
 public:
  static Result<Rows> open(sqlite::Database& database, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(database.handle(), sql.c_str(), -1, &statement, nullptr);
    if (code != SQLITE_OK) return fail(database.error(code, sql));
    return Rows(database, statement);
  }
  // Moves to the next row; false at the end.
  Result<bool> next() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_DONE) return false;
    if (code != SQLITE_ROW) return fail(database_->error(code, "read a row"));
    row_bytes(statement_.get(), bytes_);
    return true;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  [[nodiscard]] std::string first_column() const {
    const auto* text = sqlite3_column_text(statement_.get(), 0);
    return text == nullptr ? "" : sanitize_utf8(reinterpret_cast<const char*>(text));
  }

 private:
  Rows(sqlite::Database& database, sqlite3_stmt* statement) : database_(&database), statement_(statement) {}
  sqlite::Database* database_;
  std::unique_ptr<sqlite3_stmt, FinalizeRows> statement_;
  std::string bytes_;
};

Result<bool> tables_differ(sqlite::Database& found, sqlite::Database& wanted, const std::string& table,
                           const std::function<void(const std::string&)>& say) {
  auto sql = select_of(wanted, table);
  if (!sql) return fail(sql.error());
  auto theirs = Rows::open(found, *sql);
  if (!theirs) return fail(theirs.error());
  auto ours = Rows::open(wanted, *sql);
  if (!ours) return fail(ours.error());
  std::uint64_t differences = 0;
  for (std::uint64_t number = 1; differences < kDifferencesShownMax; ++number) {
    auto got = theirs->next();
    if (!got) return fail(got.error());
    auto want = ours->next();
    if (!want) return fail(want.error());
    if (!*got && !*want) break;
    if (*got && *want && theirs->bytes() == ours->bytes()) continue;
    ++differences;
    if (*got != *want) {
      say(fmt::format("table {}: {} rows than the log gives, from row {} on ({})", table, *got ? "more" : "fewer",
                      number, *got ? theirs->first_column() : ours->first_column()));
      break;
    }
    say(fmt::format("table {}: row {} ({}) is not what the log gives ({})", table, number, theirs->first_column(),
                    ours->first_column()));
  }
  return differences > 0;
}

}  // namespace

Result<std::uint64_t> compare(sqlite::Database& found, sqlite::Database& wanted,
                              const std::function<void(const std::string&)>& say) {
  auto tables = texts(wanted,
                      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE "
                      "'sqlite_%' ORDER BY name");
  if (!tables) return fail(tables.error());
  std::uint64_t differing = 0;
  for (const std::string& table : *tables) {
    auto differs = tables_differ(found, wanted, table, say);
    if (!differs) return fail(differs.error());
    if (*differs) ++differing;
  }
  return differing;
}

Result<std::vector<std::string>> quick_check(sqlite::Database& database, std::size_t limit) {
  auto lines = texts(database, fmt::format("PRAGMA quick_check({})", limit));
  if (lines) std::erase(*lines, "ok");
  return lines;
}

}  // namespace mmm::index
