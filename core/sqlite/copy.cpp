#include "core/sqlite/copy.h"

#include "core/sqlite/statement.h"

#include <sqlite3.h>

namespace mmm::sqlite {
namespace {

// 4 MiB between two words about the progress.
constexpr int kPagesAStep = 1024;

struct FinishBackup {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

Result<> copy_pages(Database& from, Database& to, const CopyProgress& progress) {
  const std::unique_ptr<sqlite3_backup, FinishBackup> backup(
      sqlite3_backup_init(to.handle(), "main", from.handle(), "main"));
  if (!backup) return fail(to.error(sqlite3_errcode(to.handle()), "begin a copy"));
  for (;;) {
    const int code = sqlite3_backup_step(backup.get(), kPagesAStep);
    if (code != SQLITE_OK && code != SQLITE_DONE) return fail(to.error(code, "copy a database"));
    const int total = sqlite3_backup_pagecount(backup.get());
    if (progress) progress(total - sqlite3_backup_remaining(backup.get()), total);
    if (code == SQLITE_DONE) return {};
  }
}

}  // namespace

Result<> copy_database(Database& from, const std::filesystem::path& to, const CopyProgress& progress) {
  auto target = Database::open(to, {});
  if (!target) return fail(target.error());
  // With a read transaction of its own around the steps, the copy is of one moment and never begins again.
  if (auto begun = from.execute("BEGIN; SELECT count(*) FROM sqlite_master"); !begun) return begun;
  auto copied = copy_pages(from, *target, progress);
  auto ended = from.execute("END");
  return copied ? ended : copied;
}

}  // namespace mmm::sqlite
