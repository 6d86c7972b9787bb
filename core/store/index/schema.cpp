#include "core/store/index/schema.h"

#include "core/base/file_lock.h"
#include "core/sqlite/statement.h"

#include <system_error>

namespace mmm::index {
namespace {

// FORMAT.md describes the columns. What is chosen for size and speed:
// - A time that belongs to a log id is stored as the distance from it, which takes 2 to 4 bytes instead of 8.
// - Lists are read backwards by log id, so an index on one column is enough: SQLite appends the row's id to it.
// - Nothing is unique but the ids themselves: an index in random order would halve what can be inserted.
// - Receptions stand in their packet's row: a row of their own with an index by agent took four times the room.
constexpr const char* kTables = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE counters(id INTEGER PRIMARY KEY, value INTEGER NOT NULL);

CREATE TABLE agents(
  num INTEGER PRIMARY KEY, id TEXT NOT NULL, location_name TEXT NOT NULL, latitude REAL, longitude REAL,
  version TEXT NOT NULL, stream_count INTEGER NOT NULL, first_seen_us INTEGER NOT NULL,
  last_upload_us INTEGER NOT NULL, clock_skew_us INTEGER, receptions INTEGER NOT NULL,
  link_state INTEGER NOT NULL, link TEXT NOT NULL, link_reason TEXT NOT NULL, channels TEXT NOT NULL,
  region INTEGER, modem_preset INTEGER, radio_num INTEGER, firmware TEXT NOT NULL, hw_model INTEGER, role INTEGER,
  captured INTEGER NOT NULL, delivered INTEGER NOT NULL, duplicate INTEGER NOT NULL, set_aside INTEGER NOT NULL,
  dropped INTEGER NOT NULL, filtered INTEGER NOT NULL, waiting INTEGER NOT NULL);
CREATE UNIQUE INDEX agents_id ON agents(id);
CREATE TABLE streams(
  agent INTEGER NOT NULL, stream BLOB NOT NULL, own_node INTEGER NOT NULL, last_us INTEGER NOT NULL,
  started_us INTEGER NOT NULL, away_us INTEGER NOT NULL, away_reason TEXT NOT NULL, name TEXT NOT NULL,
  is_current INTEGER NOT NULL, link_state INTEGER NOT NULL, link TEXT NOT NULL, link_reason TEXT NOT NULL,
  channels TEXT NOT NULL, region INTEGER, modem_preset INTEGER, radio_num INTEGER, firmware TEXT NOT NULL,
  hw_model INTEGER, role INTEGER, captured INTEGER NOT NULL, delivered INTEGER NOT NULL, duplicate INTEGER NOT NULL,
  set_aside INTEGER NOT NULL, dropped INTEGER NOT NULL, filtered INTEGER NOT NULL, waiting INTEGER NOT NULL,
  PRIMARY KEY(agent, stream)) WITHOUT ROWID;
CREATE TABLE agent_gaps(
  agent INTEGER NOT NULL, start_us INTEGER NOT NULL, cause INTEGER NOT NULL, until_us INTEGER, records INTEGER NOT NULL,
  reason TEXT NOT NULL, radio TEXT NOT NULL, PRIMARY KEY(agent, start_us, cause)) WITHOUT ROWID;

CREATE TABLE nodes(
  num INTEGER PRIMARY KEY, short_name TEXT NOT NULL, long_name TEXT NOT NULL, hw_model INTEGER, role INTEGER,
  public_key BLOB NOT NULL, is_licensed INTEGER NOT NULL, user_us INTEGER NOT NULL, first_heard_us INTEGER,
  last_heard_us INTEGER NOT NULL, latitude_i INTEGER, longitude_i INTEGER, altitude INTEGER, precision_bits INTEGER NOT NULL,
  fix_us INTEGER NOT NULL, position_us INTEGER NOT NULL, battery_level INTEGER, voltage REAL,
  channel_utilization REAL, air_util_tx REAL, uptime_seconds INTEGER, metrics_us INTEGER NOT NULL, snr INTEGER,
  rssi INTEGER, signal_us INTEGER NOT NULL, hops_away INTEGER, hops_us INTEGER NOT NULL, packets INTEGER NOT NULL,
  via_mqtt INTEGER NOT NULL);
CREATE INDEX nodes_heard ON nodes(last_heard_us);
CREATE INDEX nodes_key ON nodes(public_key) WHERE public_key <> x'';
CREATE TABLE heard_by(
  node INTEGER NOT NULL, agent INTEGER NOT NULL, last_us INTEGER NOT NULL, snr INTEGER, rssi INTEGER, hops INTEGER,
  receptions INTEGER NOT NULL, PRIMARY KEY(node, agent)) WITHOUT ROWID;
CREATE INDEX heard_by_agent ON heard_by(agent);

CREATE TABLE packets(
  id INTEGER PRIMARY KEY, lag INTEGER NOT NULL, from_node INTEGER NOT NULL, to_node INTEGER NOT NULL,
  packet_id INTEGER NOT NULL, port INTEGER, channel INTEGER NOT NULL, hop_start INTEGER NOT NULL,
  hop_limit INTEGER NOT NULL, size INTEGER NOT NULL, flags INTEGER NOT NULL, error INTEGER NOT NULL, hops INTEGER,
  best_snr INTEGER, best_rssi INTEGER, receptions INTEGER NOT NULL, airtime_us INTEGER, content_key INTEGER,
  summary TEXT NOT NULL, reception_list BLOB NOT NULL);
CREATE INDEX packets_from ON packets(from_node);
CREATE INDEX packets_port ON packets(port);
CREATE INDEX packets_to ON packets(to_node) WHERE to_node >= 0;
CREATE TABLE late_packets(
  from_node INTEGER NOT NULL, heard_s INTEGER NOT NULL, delay_us INTEGER NOT NULL, packet_id INTEGER NOT NULL,
  PRIMARY KEY(from_node, heard_s, delay_us)) WITHOUT ROWID;
CREATE TABLE agent_hours(
  agent INTEGER NOT NULL, start_us INTEGER NOT NULL, receptions INTEGER NOT NULL,
  PRIMARY KEY(agent, start_us)) WITHOUT ROWID;
CREATE TABLE node_hours(
  start_us INTEGER NOT NULL, node INTEGER NOT NULL, packets INTEGER NOT NULL, receptions INTEGER NOT NULL,
  airtime_us INTEGER NOT NULL, kept INTEGER NOT NULL, flooded INTEGER NOT NULL,
  PRIMARY KEY(start_us, node)) WITHOUT ROWID;
CREATE INDEX node_hours_flooded ON node_hours(start_us, node) WHERE flooded > 0;

CREATE TABLE links(
  from_node INTEGER NOT NULL, to_node INTEGER NOT NULL, evidence INTEGER NOT NULL, first_us INTEGER NOT NULL,
  last_us INTEGER NOT NULL, count INTEGER NOT NULL, snr INTEGER, rssi INTEGER,
  PRIMARY KEY(from_node, to_node, evidence)) WITHOUT ROWID;
CREATE INDEX links_to ON links(to_node);
CREATE TABLE link_hours(
  from_node INTEGER NOT NULL, to_node INTEGER NOT NULL, evidence INTEGER NOT NULL, start_us INTEGER NOT NULL,
  count INTEGER NOT NULL, snr BLOB NOT NULL, rssi BLOB NOT NULL,
  PRIMARY KEY(from_node, to_node, evidence, start_us)) WITHOUT ROWID;
CREATE TABLE relays(
  agent INTEGER NOT NULL, relay INTEGER NOT NULL, last_us INTEGER NOT NULL, count INTEGER NOT NULL, snr INTEGER,
  rssi INTEGER, PRIMARY KEY(agent, relay)) WITHOUT ROWID;
CREATE TABLE traceroutes(
  packet INTEGER PRIMARY KEY, agent INTEGER NOT NULL, lag INTEGER NOT NULL, from_node INTEGER NOT NULL,
  to_node INTEGER NOT NULL, request_id INTEGER NOT NULL, is_reply INTEGER NOT NULL, route BLOB NOT NULL, snr_towards BLOB NOT NULL,
  route_back BLOB NOT NULL, snr_back BLOB NOT NULL);
CREATE INDEX traceroutes_from ON traceroutes(from_node);
CREATE INDEX traceroutes_to ON traceroutes(to_node);

CREATE TABLE positions(
  packet INTEGER PRIMARY KEY, node INTEGER NOT NULL, latitude_i INTEGER NOT NULL, longitude_i INTEGER NOT NULL,
  altitude INTEGER, precision_bits INTEGER NOT NULL, fix_us INTEGER NOT NULL, ground_speed INTEGER,
  sats_in_view INTEGER);
CREATE INDEX positions_node ON positions(node);
CREATE TABLE telemetry(
  packet INTEGER PRIMARY KEY, node INTEGER NOT NULL, lag INTEGER NOT NULL, kind INTEGER NOT NULL,
  battery_level INTEGER, voltage REAL, channel_utilization REAL, air_util_tx REAL, uptime_seconds INTEGER,
  metrics TEXT NOT NULL);
CREATE INDEX telemetry_node ON telemetry(node);
CREATE TABLE messages(
  packet INTEGER PRIMARY KEY, lag INTEGER NOT NULL, from_node INTEGER NOT NULL, to_node INTEGER NOT NULL,
  packet_id INTEGER NOT NULL, channel INTEGER NOT NULL, text TEXT NOT NULL, reply_id INTEGER NOT NULL,
  emoji INTEGER NOT NULL, ack_us INTEGER, ack_from INTEGER, ack_error INTEGER);
CREATE INDEX messages_reply ON messages(reply_id) WHERE reply_id <> 0;
CREATE VIRTUAL TABLE messages_fts USING fts5(
  text, content = 'messages', content_rowid = 'packet', tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE telemetry_rollups(
  node INTEGER NOT NULL, kind INTEGER NOT NULL, step_us INTEGER NOT NULL, start_us INTEGER NOT NULL,
  fields BLOB NOT NULL, PRIMARY KEY(node, kind, step_us, start_us)) WITHOUT ROWID;
CREATE TABLE identity_changes(
  node INTEGER NOT NULL, time_us INTEGER NOT NULL, field INTEGER NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY(node, time_us, field)) WITHOUT ROWID;
CREATE TABLE waypoints(
  id INTEGER PRIMARY KEY, packet INTEGER NOT NULL, lag INTEGER NOT NULL, from_node INTEGER NOT NULL,
  name TEXT NOT NULL, description TEXT NOT NULL, latitude_i INTEGER, longitude_i INTEGER, icon INTEGER NOT NULL,
  expire_s INTEGER NOT NULL, locked_to INTEGER NOT NULL);
CREATE TABLE map_reports(
  node INTEGER PRIMARY KEY, time_us INTEGER NOT NULL, firmware TEXT NOT NULL, region INTEGER NOT NULL,
  modem_preset INTEGER NOT NULL, online_nodes INTEGER NOT NULL, default_channel INTEGER NOT NULL);
CREATE TABLE unreadable(
  id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, kind INTEGER NOT NULL, error INTEGER NOT NULL,
  size INTEGER NOT NULL);

CREATE TABLE traffic_minute(
  start_us INTEGER NOT NULL, port INTEGER NOT NULL, packets INTEGER NOT NULL, receptions INTEGER NOT NULL,
  PRIMARY KEY(start_us, port)) WITHOUT ROWID;
CREATE TABLE traffic_hour(
  start_us INTEGER NOT NULL, port INTEGER NOT NULL, packets INTEGER NOT NULL, receptions INTEGER NOT NULL,
  PRIMARY KEY(start_us, port)) WITHOUT ROWID;
)sql";

}  // namespace

Result<IndexFile> inspect(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return IndexFile::kMissing;
  // Not read-only: a WAL that a crash left behind is recovered on opening.
  auto database = sqlite::Database::open(path, {.create = false});
  if (!database) return fail(database.error());
  auto version = database->user_version();
  if (!version) {
    if (version.error().kind == ErrorKind::kCorrupt) return IndexFile::kDamaged;
    return fail(version.error());
  }
  if (*version > kSchemaVersion) {
    return fail(ErrorKind::kNewerVersion,
                "the index {} has version {}, this program knows versions up to {}: run the newer program, or remove "
                "the file to have it built again from the packet log",
                path.string(), *version, kSchemaVersion);
  }
  if (*version == 0) return IndexFile::kMissing;
  if (*version < kSchemaVersion) return IndexFile::kOutdated;
  auto cursor = database->prepare("SELECT value FROM meta WHERE key = 'cursor'");
  if (!cursor) return IndexFile::kDamaged;
  auto row = cursor->step();
  return row && *row ? IndexFile::kUsable : IndexFile::kDamaged;
}

Result<> create_tables(sqlite::Database& database) {
  // Before there is a table: what retention empties can be given back to the file system (retention.h).
  if (auto set = database.execute("PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL"); !set) {
    return fail(set.error());
  }
  const std::string script = fmt::format(
      "BEGIN; {} INSERT INTO meta VALUES('cursor', 0); PRAGMA user_version={}; COMMIT;", kTables, kSchemaVersion);
  return database.execute(script.c_str());
}

Result<> remove_index(const std::filesystem::path& path) {
  for (const char* suffix : {"-wal", "-shm", ""}) {
    std::error_code error;
    std::filesystem::remove(path.string() + suffix, error);
    if (error) return fail(ErrorKind::kIo, "remove {}{}: {}", path.string(), suffix, error.message());
  }
  return {};
}

Result<> rename_index(const std::filesystem::path& path, const std::filesystem::path& to) {
  for (const char* suffix : {"-wal", "-shm", ""}) {
    const std::string from = path.string() + suffix;
    std::error_code error;
    if (!std::filesystem::exists(from, error)) continue;
    std::filesystem::rename(from, to.string() + suffix, error);
    if (error) return fail(ErrorKind::kIo, "rename {} to {}{}: {}", from, to.string(), suffix, error.message());
  }
  return {};
}

std::filesystem::path swap_lock_path(const std::filesystem::path& path) {
  return path.string() + ".lock";
}

std::uint64_t bytes_on_disk(const std::filesystem::path& path) {
  std::uint64_t bytes = 0;
  for (const char* suffix : {"", "-wal"}) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path.string() + suffix, error);
    if (!error) bytes += size;
  }
  return bytes;
}

Result<> replace_index(const std::filesystem::path& from, const std::filesystem::path& to) {
  // Who opened the old file between the removal of its WAL and the renaming would make one that the new file's readers
  // then took for theirs.
  const auto alone = FileLock::exclusive(swap_lock_path(to));
  if (!alone) return fail(alone.error());
  // The old file's WAL must not be taken for the new file's. Opening and closing it moves the WAL into the file first,
  // so that a crash in between leaves a whole old index; a damaged one is on its way out anyway.
  // Readers of the old file are not waited for: what they keep from being moved, the new file has too.
  if (auto old = sqlite::Database::open(to, {.create = false, .busy_timeout_ms = 0}); old) {
    (void)old->execute("PRAGMA wal_checkpoint(PASSIVE)");
  }
  for (const char* suffix : {"-wal", "-shm"}) {
    std::error_code removal;
    std::filesystem::remove(to.string() + suffix, removal);
    if (removal) return fail(ErrorKind::kIo, "remove {}{}: {}", to.string(), suffix, removal.message());
  }
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (error) return fail(ErrorKind::kIo, "rename {} to {}: {}", from.string(), to.string(), error.message());
  return {};
}

}  // namespace mmm::index
