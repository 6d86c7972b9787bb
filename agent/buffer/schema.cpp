#include "agent/buffer/schema.h"

#include "core/base/limits.h"
#include "core/base/time.h"
#include "core/sqlite/statement.h"

#include <sys/random.h>

#include <array>
#include <string>

namespace mmm::agent {
namespace {

constexpr std::int64_t kSchemaVersion = 1;
// "mmmA": tells our file from any other SQLite file.
constexpr std::int64_t kApplicationId = 0x6D6D6D41;
// Up to this size the whole file is checked at start (tens of milliseconds); a larger one when a damaged page is read.
constexpr std::int64_t kFullCheckBytesMax = 16 << 20;

// auto_vacuum must be set before the first table, so that a backlog's disk space can be given back in steps.
constexpr const char* kNewFile = "PRAGMA page_size=4096; PRAGMA auto_vacuum=INCREMENTAL;";
constexpr const char* kPragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000;";

constexpr const char* kTables = R"sql(
CREATE TABLE stream(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  stream_id BLOB NOT NULL,
  next_seq INTEGER NOT NULL,
  captured INTEGER NOT NULL,
  created_us INTEGER NOT NULL);
CREATE TABLE records(
  seq INTEGER PRIMARY KEY,
  arrival_us INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  payload BLOB NOT NULL);
CREATE TABLE servers(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  captured_before INTEGER NOT NULL,
  acknowledged_seq INTEGER NOT NULL,
  delivered INTEGER NOT NULL DEFAULT 0,
  duplicate INTEGER NOT NULL DEFAULT 0,
  set_aside INTEGER NOT NULL DEFAULT 0,
  filtered INTEGER NOT NULL DEFAULT 0,
  dropped INTEGER NOT NULL DEFAULT 0);
CREATE TABLE set_aside(
  server INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  arrival_us INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  payload BLOB NOT NULL,
  reason TEXT NOT NULL,
  refused_us INTEGER NOT NULL,
  PRIMARY KEY(server, seq)) WITHOUT ROWID;
)sql";

Result<std::string> random_stream_id() {
  std::string bytes(limits::kStreamIdBytes, '\0');
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return fail(ErrorKind::kIo, "cannot read random bytes for a new stream id");
  }
  return bytes;
}

Result<> create(sqlite::Database& database) {
  auto stream_id = random_stream_id();
  if (!stream_id) return fail(stream_id.error());
  if (auto result = database.execute("BEGIN IMMEDIATE"); !result) return result;
  if (auto result = database.execute(kTables); !result) return result;
  const auto stamp = fmt::format("PRAGMA application_id={}; PRAGMA user_version={};", kApplicationId, kSchemaVersion);
  if (auto result = database.execute(stamp.c_str()); !result) return result;
  auto insert = database.prepare("INSERT INTO stream VALUES(1, ?, 1, 0, ?)");
  if (!insert) return fail(insert.error());
  if (auto result = insert->bind(sqlite::Blob{*stream_id}, to_micros(wall_now())).run(); !result) return result;
  return database.execute("COMMIT");
}

Result<> check_pages(sqlite::Database& database) {
  auto pages = database.integer("PRAGMA page_count");
  if (!pages) return fail(pages.error());
  if (*pages * 4096 > kFullCheckBytesMax) return {};
  auto check = database.prepare("PRAGMA quick_check(1)");
  if (!check) return fail(check.error());
  auto row = check->step();
  if (!row) return fail(row.error());
  const std::string verdict(*row ? check->text(0) : "no answer");
  if (verdict != "ok") return fail(ErrorKind::kCorrupt, "{}: {}", database.path().string(), verdict);
  return {};
}

}  // namespace

Result<> prepare_buffer_schema(sqlite::Database& database) {
  auto tables = database.integer("SELECT count(*) FROM sqlite_master");
  if (!tables) return fail(tables.error());
  auto application = database.integer("PRAGMA application_id");
  if (!application) return fail(application.error());
  if (*tables != 0 && *application != kApplicationId) {
    return fail(ErrorKind::kInvalidArgument,
                "{} is an SQLite file of another program (the Python version's buffer?): choose another [agent] "
                "database_dir or DB_PATH",
                database.path().string());
  }
  if (*tables == 0) {
    if (auto result = database.execute(kNewFile); !result) return result;
  }
  if (auto result = database.execute(kPragmas); !result) return result;
  if (*tables == 0) return create(database);

  auto version = database.user_version();
  if (!version) return fail(version.error());
  if (*version > kSchemaVersion) {
    return fail(ErrorKind::kNewerVersion,
                "{} has version {}, this program knows up to {}: it was written by a newer mmm-agent, run that one",
                database.path().string(), *version, kSchemaVersion);
  }
  return check_pages(database);
}

}  // namespace mmm::agent
