#include "core/store/index/index_reader.h"

#include "core/base/file_lock.h"
#include "core/store/index/index_reader_impl.h"
#include "core/store/index/reception_codec.h"
#include "core/store/index/schema.h"

#include <sqlite3.h>
#include <sys/stat.h>

namespace mmm::index {
namespace {

constexpr std::int64_t kReaderCacheBytes = 16 << 20;

// is_received_by(reception_list, agent) for queries.
void sql_is_received_by(sqlite3_context* context, int, sqlite3_value** values) {
  const std::string_view list(static_cast<const char*>(sqlite3_value_blob(values[0])),
                              static_cast<std::size_t>(sqlite3_value_bytes(values[0])));
  sqlite3_result_int(context, is_received_by(list, sqlite3_value_int64(values[1])) ? 1 : 0);
}

Result<> add_functions(sqlite::Database& database) {
  const int code =
      sqlite3_create_function_v2(database.handle(), "is_received_by", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                                 sql_is_received_by, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(database.error(code, "add a function"));
  return {};
}

}  // namespace

Result<sqlite::Statement*> IndexReader::Impl::prepared(const std::string& sql) {
  const auto place = statements.find(sql);
  if (place != statements.end()) return &place->second;
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  return &statements.emplace(sql, std::move(*statement)).first->second;
}

IndexReader::IndexReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
IndexReader::~IndexReader() = default;

Result<std::unique_ptr<IndexReader>> IndexReader::open(const std::filesystem::path& path) {
  // Not while another file is put in its place. Where the lock cannot be made (another user's data), nobody replaces.
  const auto not_replaced = FileLock::shared(swap_lock_path(path));
  auto database = sqlite::Database::open(path, {.read_only = true, .cache_bytes = kReaderCacheBytes});
  if (!database) return fail(database.error());
  if (auto added = add_functions(*database); !added) return fail(added.error());
  auto version = database->user_version();
  if (!version) return fail(version.error());
  if (*version != kSchemaVersion) {
    return fail(ErrorKind::kUnavailable, "the index {} has version {} instead of {}: it is being built again",
                path.string(), *version, kSchemaVersion);
  }
  auto impl = std::make_unique<Impl>(std::move(*database));
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0) {
    impl->device = status.st_dev;
    impl->inode = status.st_ino;
  }
  return std::unique_ptr<IndexReader>(new IndexReader(std::move(impl)));
}

Result<bool> IndexReader::refresh() {
  struct stat status{};
  const std::filesystem::path path = impl_->database.path();
  // No file: it is just being replaced, and what is open can still be read.
  if (::stat(path.c_str(), &status) != 0) return false;
  if (status.st_dev == impl_->device && status.st_ino == impl_->inode) return false;
  auto fresh = open(path);
  if (!fresh) return fail(fresh.error());
  impl_ = std::move((*fresh)->impl_);
  return true;
}

std::uint64_t IndexReader::generation() const {
  return impl_->inode;
}

void IndexReader::interrupt_when(std::function<bool()> stop) {
  constexpr int kStepsBetween = 10'000;
  impl_->stop = std::move(stop);
  const auto ask = [](void* condition) { return (*static_cast<std::function<bool()>*>(condition))() ? 1 : 0; };
  sqlite3_progress_handler(impl_->database.handle(), impl_->stop ? kStepsBetween : 0, impl_->stop ? +ask : nullptr,
                           &impl_->stop);
}

Result<LogId> IndexReader::cursor() {
  auto statement = impl_->prepared("SELECT value FROM meta WHERE key = 'cursor'");
  if (!statement) return fail(statement.error());
  LogId cursor = 0;
  auto read =
      Impl::for_rows(**statement, [&](const sqlite::Statement& row) { cursor = static_cast<LogId>(row.integer(0)); });
  if (!read) return fail(read.error());
  return cursor;
}

Result<std::vector<std::string>> IndexReader::plans() {
  std::vector<std::string> lines;
  for (const auto& [sql, statement] : impl_->statements) {
    auto explain = impl_->database.prepare("EXPLAIN QUERY PLAN " + sql);
    if (!explain) return fail(explain.error());
    std::string plan;
    auto read =
        Impl::for_rows(*explain, [&](const sqlite::Statement& row) { plan += fmt::format("{}; ", row.text(3)); });
    if (!read) return fail(read.error());
    lines.push_back(fmt::format("{} => {}", sql, plan));
  }
  return lines;
}

}  // namespace mmm::index
