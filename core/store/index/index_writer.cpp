#include "core/store/index/index_writer.h"

#include "core/sqlite/database.h"
#include "core/sqlite/statement.h"
#include "core/store/index/row_codec.h"
#include "core/store/index/schema.h"

#include <sqlite3.h>

#include <system_error>

namespace mmm::index {
namespace {

constexpr std::int64_t kWriterCacheBytes = 64 << 20;

std::string insert_sql(std::string_view verb, std::string_view table, std::string_view columns, int count) {
  return fmt::format("{} INTO {}({}) VALUES({})", verb, table, columns, parameters(count));
}

std::string traffic_sql(std::string_view table) {
  return fmt::format(
      "INSERT INTO {}(start_us, port, packets, receptions) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET "
      "packets = packets + excluded.packets, receptions = receptions + excluded.receptions",
      table);
}

// In log order, so that adding receptions one by one or summed up beforehand gives the same row: what a reception does
// not tell stays as it was.
constexpr const char* kHeardBySql =
    "INSERT INTO heard_by(node, agent, last_us, snr, rssi, hops, receptions) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) "
    "ON CONFLICT DO UPDATE SET snr = coalesce(excluded.snr, snr), rssi = coalesce(excluded.rssi, rssi), "
    "hops = coalesce(excluded.hops, hops), last_us = max(last_us, excluded.last_us), "
    "receptions = receptions + excluded.receptions";

PacketRow read_whole_packet(const sqlite::Statement& row) {
  PacketRow packet = read_packet(row);
  packet.reception_list = row.blob(kPacketColumnCount);
  return packet;
}

}  // namespace

struct IndexWriter::Impl {
  explicit Impl(sqlite::Database opened) : database(std::move(opened)) {}

  Result<> prepare_all();
  Result<> prepare(std::optional<sqlite::Statement>& slot, const std::string& sql) {
    auto statement = database.prepare(sql);
    if (!statement) return fail(statement.error());
    slot.emplace(std::move(*statement));
    return {};
  }

  sqlite::Database database;
  std::unique_ptr<LinkStore> links;
  std::unique_ptr<NodeStore> node_facts;
  int wal_pages = 0;  // after the last commit
  std::optional<sqlite::Statement> begin, commit, rollback, set_cursor;
  std::optional<sqlite::Statement> node, packet, newest, near_by_id, near_late;
  std::optional<sqlite::Statement> insert_packet, update_packet, insert_late, insert_position, insert_telemetry,
      insert_unreadable;
  std::optional<sqlite::Statement> put_node, put_agent, put_stream, heard_by, minute, hour, counter, node_hour,
      put_node_hour, add_agent_hour;
};

Result<> IndexWriter::Impl::prepare_all() {
  const std::string packet_columns = fmt::format("{}, {}", kPacketColumns, kReceptionListColumn);
  const std::pair<std::optional<sqlite::Statement>*, std::string> all[] = {
      {&begin, "BEGIN IMMEDIATE"},
      {&commit, "COMMIT"},
      {&rollback, "ROLLBACK"},
      {&set_cursor, "UPDATE meta SET value = ?1 WHERE key = 'cursor'"},
      {&node, fmt::format("SELECT {} FROM nodes WHERE num = ?1", kNodeColumns)},
      {&packet, fmt::format("SELECT {} FROM packets WHERE id = ?1", packet_columns)},
      {&newest,
       "SELECT id, from_node, packet_id, port, flags, content_key FROM packets "
       "WHERE id >= (SELECT max(id) FROM packets) - ?1 ORDER BY id DESC LIMIT ?2"},
      {&near_by_id,
       fmt::format("SELECT {} FROM packets WHERE from_node = ?1 AND id BETWEEN ?2 AND ?3 AND packet_id = ?4 "
                   "ORDER BY id",
                   packet_columns)},
      {&near_late,
       fmt::format(
           "SELECT heard_s * {} + delay_us FROM late_packets WHERE from_node = ?1 AND heard_s BETWEEN ?2 AND ?3 "
           "AND packet_id = ?4",
           kSecondUs)},
      {&insert_packet, insert_sql("INSERT", "packets", packet_columns, kPacketColumnCount + 1)},
      {&update_packet,
       "UPDATE packets SET port = ?2, size = ?3, flags = ?4, error = ?5, hops = ?6, best_snr = ?7, best_rssi = ?8, "
       "receptions = ?9, airtime_us = ?10, summary = ?11, reception_list = ?12 WHERE id = ?1"},
      {&insert_late, "INSERT INTO late_packets(from_node, heard_s, delay_us, packet_id) VALUES(?1, ?2, ?3, ?4)"},
      {&insert_position,
       insert_sql("INSERT", "positions",
                  "packet, node, latitude_i, longitude_i, altitude, precision_bits, fix_us, ground_speed, sats_in_view",
                  9)},
      {&insert_telemetry, insert_sql("INSERT", "telemetry", kTelemetryColumns, kTelemetryColumnCount)},
      {&insert_unreadable, insert_sql("INSERT", "unreadable", "id, agent, kind, error, size", 5)},
      {&put_node, insert_sql("REPLACE", "nodes", kNodeColumns, kNodeColumnCount)},
      {&put_agent, insert_sql("REPLACE", "agents", kAgentColumns, kAgentColumnCount)},
      {&put_stream, insert_sql("REPLACE", "streams", kStreamColumns, kStreamColumnCount)},
      {&heard_by, kHeardBySql},
      {&minute, traffic_sql("traffic_minute")},
      {&hour, traffic_sql("traffic_hour")},
      {&node_hour,
       "SELECT packets, receptions, airtime_us, kept, flooded FROM node_hours WHERE node = ?1 AND start_us = ?2"},
      {&put_node_hour,
       insert_sql("REPLACE", "node_hours", "node, start_us, packets, receptions, airtime_us, kept, flooded", 7)},
      {&add_agent_hour,
       "INSERT INTO agent_hours(agent, start_us, receptions) VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET "
       "receptions = receptions + excluded.receptions"},
      {&counter,
       "INSERT INTO counters(id, value) VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = value + excluded.value"},
  };
  for (const auto& [slot, sql] : all) {
    if (auto prepared = prepare(*slot, sql); !prepared) return prepared;
  }
  auto opened = LinkStore::open(database);
  if (!opened) return fail(opened.error());
  links = std::move(*opened);
  auto facts = NodeStore::open(database);
  if (!facts) return fail(facts.error());
  node_facts = std::move(*facts);
  return {};
}

IndexWriter::IndexWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
IndexWriter::~IndexWriter() = default;

Result<std::unique_ptr<IndexWriter>> IndexWriter::open(const std::filesystem::path& path) {
  auto state = inspect(path);
  if (!state) return fail(state.error());
  if (*state == IndexFile::kDamaged || *state == IndexFile::kOutdated) {
    return fail(ErrorKind::kCorrupt, "the index {} is damaged or of an older version and has to be built again",
                path.string());
  }
  auto database = sqlite::Database::open(path, {.cache_bytes = kWriterCacheBytes});
  if (!database) return fail(database.error());
  if (*state == IndexFile::kMissing) {
    if (auto made = create_tables(*database); !made) return fail(made.error());
  }
  // The log is the truth: after a power cut the index may lack its newest transactions, never be half a one.
  // Checkpoints are ours to time.
  if (auto set = database->execute("PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0;"); !set) {
    return fail(set.error());
  }
  auto impl = std::make_unique<Impl>(std::move(*database));
  if (auto prepared = impl->prepare_all(); !prepared) return fail(prepared.error());
  sqlite3_wal_hook(
      impl->database.handle(),
      [](void* pages, sqlite3*, const char*, int count) {
        *static_cast<int*>(pages) = count;
        return SQLITE_OK;
      },
      &impl->wal_pages);
  return std::unique_ptr<IndexWriter>(new IndexWriter(std::move(impl)));
}

LinkStore& IndexWriter::links() {
  return *impl_->links;
}

NodeStore& IndexWriter::node_facts() {
  return *impl_->node_facts;
}

Result<LogId> IndexWriter::cursor() {
  auto value = impl_->database.integer("SELECT value FROM meta WHERE key = 'cursor'");
  if (!value) return fail(value.error());
  return static_cast<LogId>(*value);
}

Result<std::vector<AgentRow>> IndexWriter::agents() {
  auto statement = impl_->database.prepare(fmt::format("SELECT {} FROM agents ORDER BY num", kAgentColumns));
  if (!statement) return fail(statement.error());
  std::vector<AgentRow> rows;
  for (;;) {
    auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return rows;
    rows.push_back(read_agent(*statement));
  }
}

Result<std::vector<StreamRow>> IndexWriter::streams() {
  auto statement = impl_->database.prepare(fmt::format("SELECT {} FROM streams", kStreamColumns));
  if (!statement) return fail(statement.error());
  std::vector<StreamRow> rows;
  for (;;) {
    auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return rows;
    rows.push_back(read_stream(*statement));
  }
}

Result<std::optional<NodeRow>> IndexWriter::node(std::uint32_t num) {
  impl_->node->bind(num);
  auto row = impl_->node->step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  NodeRow node = read_node(*impl_->node);
  impl_->node->reset();
  return node;
}

Result<std::optional<PacketRow>> IndexWriter::packet(LogId id) {
  impl_->packet->bind(id);
  auto row = impl_->packet->step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  PacketRow packet = read_whole_packet(*impl_->packet);
  impl_->packet->reset();
  return packet;
}

Result<std::vector<WindowRow>> IndexWriter::newest_packets(LogId window, std::size_t limit) {
  sqlite::Statement& statement = *impl_->newest;
  statement.bind(window, limit);
  std::vector<WindowRow> rows;
  for (;;) {
    auto row = statement.step();
    if (!row) return fail(row.error());
    if (!*row) return rows;
    rows.push_back({.id = static_cast<LogId>(statement.integer(0)),
                    .from = static_cast<std::uint32_t>(statement.integer(1)),
                    .packet_id = static_cast<std::uint32_t>(statement.integer(2)),
                    .port = narrow<std::uint32_t>(statement.optional_integer(3)),
                    .flags = static_cast<std::uint32_t>(statement.integer(4)),
                    .content_key = narrow<std::uint64_t>(statement.optional_integer(5))});
  }
}

Result<std::vector<PacketRow>> IndexWriter::packets_near(std::uint32_t from, std::uint32_t packet_id,
                                                         std::int64_t time_us, std::int64_t window_us,
                                                         std::int64_t late_us) {
  std::vector<PacketRow> rows;
  sqlite::Statement& by_id = *impl_->near_by_id;
  by_id.bind(from, time_us - window_us, time_us + window_us + late_us, packet_id);
  for (;;) {
    auto row = by_id.step();
    if (!row) return fail(row.error());
    if (!*row) break;
    PacketRow packet = read_whole_packet(by_id);
    const bool late = static_cast<std::int64_t>(packet.id) - packet.time_us > late_us;
    if (!late && std::abs(packet.time_us - time_us) <= window_us) rows.push_back(std::move(packet));
  }
  std::vector<LogId> late_ids;
  sqlite::Statement& late = *impl_->near_late;
  late.bind(from, (time_us - window_us) / kSecondUs, (time_us + window_us) / kSecondUs, packet_id);
  for (;;) {
    auto row = late.step();
    if (!row) return fail(row.error());
    if (!*row) break;
    late_ids.push_back(static_cast<LogId>(late.integer(0)));
  }
  for (const LogId id : late_ids) {
    auto found = packet(id);
    if (!found) return fail(found.error());
    if (*found && std::abs((*found)->time_us - time_us) <= window_us) rows.push_back(std::move(**found));
  }
  std::ranges::sort(rows, {}, &PacketRow::id);
  return rows;
}

Result<> IndexWriter::begin() {
  return impl_->begin->run();
}

Result<> IndexWriter::commit(LogId cursor) {
  impl_->set_cursor->bind(cursor);
  if (auto set = impl_->set_cursor->run(); !set) return set;
  return impl_->commit->run();
}

// Fails only when SQLite has rolled back by itself already, as it does when the disk is full.
void IndexWriter::rollback() {
  if (sqlite3_get_autocommit(impl_->database.handle()) == 0) (void)impl_->rollback->run();
}

Result<> IndexWriter::insert_packet(const PacketRow& packet) {
  bind_packet(*impl_->insert_packet, packet);
  return impl_->insert_packet->run();
}

Result<> IndexWriter::update_packet(const PacketRow& packet) {
  impl_->update_packet->bind(packet.id, packet.port, packet.size, packet.flags, static_cast<std::uint8_t>(packet.error),
                             packet.hops, to_centi(packet.best_snr), packet.best_rssi, packet.receptions,
                             packet.airtime_us, packet.summary, sqlite::Blob{packet.reception_list});
  if (auto updated = impl_->update_packet->run(); !updated) return updated;
  // Whoever changes a packet need not have read it here.
  if (sqlite3_changes(impl_->database.handle()) == 1) return {};
  return fail(ErrorKind::kCorrupt, "the index has lost packet {}", packet.id);
}

Result<> IndexWriter::insert_late_packet(const PacketRow& packet) {
  const std::int64_t heard_s = packet.time_us / kSecondUs;
  const std::int64_t delay_us = static_cast<std::int64_t>(packet.id) - heard_s * kSecondUs;
  return impl_->insert_late->bind(packet.from, heard_s, delay_us, packet.packet_id).run();
}

Result<> IndexWriter::insert_position(const PositionRow& row) {
  const Position& place = row.position;
  return impl_->insert_position
      ->bind(row.packet, row.node, place.latitude_i, place.longitude_i, place.altitude, place.precision_bits,
             place.time_us, row.ground_speed, row.sats_in_view)
      .run();
}

Result<> IndexWriter::insert_telemetry(const TelemetryRow& row) {
  const DeviceMetrics& device = row.device;
  return impl_->insert_telemetry
      ->bind(row.packet, row.node, static_cast<std::int64_t>(row.packet) - row.time_us, row.kind, device.battery_level,
             device.voltage, device.channel_utilization, device.air_util_tx, device.uptime_seconds, row.metrics)
      .run();
}

Result<> IndexWriter::insert_unreadable(const UnreadableRow& row) {
  return impl_->insert_unreadable->bind(row.id, row.agent, row.kind, static_cast<std::uint8_t>(row.error), row.size)
      .run();
}

Result<> IndexWriter::put_node(const NodeRow& node) {
  bind_node(*impl_->put_node, node);
  return impl_->put_node->run();
}

Result<> IndexWriter::put_agent(const AgentRow& agent) {
  bind_agent(*impl_->put_agent, agent);
  return impl_->put_agent->run();
}

Result<> IndexWriter::put_stream(const StreamRow& stream) {
  bind_stream(*impl_->put_stream, stream);
  return impl_->put_stream->run();
}

Result<> IndexWriter::add_heard_by(const HeardByRow& row) {
  return impl_->heard_by->bind(row.node, row.agent, row.last_us, to_centi(row.snr), row.rssi, row.hops, row.receptions)
      .run();
}

Result<> IndexWriter::add_traffic_minute(const TrafficRow& row) {
  return impl_->minute->bind(row.start_us, row.port, row.packets, row.receptions).run();
}

Result<> IndexWriter::add_traffic_hour(const TrafficRow& row) {
  return impl_->hour->bind(row.start_us, row.port, row.packets, row.receptions).run();
}

Result<NodeHourRow> IndexWriter::node_hour(std::uint32_t node, std::int64_t start_us) {
  sqlite::Statement& select = *impl_->node_hour;
  select.bind(node, start_us);
  NodeHourRow hour{.node = node, .start_us = start_us};
  auto row = select.step();
  if (!row) return fail(row.error());
  if (!*row) return hour;
  const auto count = [&select](int column) { return static_cast<std::uint64_t>(select.integer(column)); };
  hour.packets = count(0);
  hour.receptions = count(1);
  hour.airtime_us = count(2);
  hour.kept = count(3);
  hour.flooded = count(4);
  select.reset();
  return hour;
}

Result<> IndexWriter::put_node_hour(const NodeHourRow& row) {
  return impl_->put_node_hour
      ->bind(row.node, row.start_us, row.packets, row.receptions, row.airtime_us, row.kept, row.flooded)
      .run();
}

Result<> IndexWriter::add_agent_hour(const AgentHourRow& row) {
  return impl_->add_agent_hour->bind(row.agent, row.start_us, row.receptions).run();
}

Result<> IndexWriter::add_counter(std::size_t counter, std::int64_t by) {
  return impl_->counter->bind(counter, by).run();
}

Result<> IndexWriter::checkpoint(int pages) {
  if (impl_->wal_pages < pages) return {};
  const int mode = pages == 0 ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  const int code = sqlite3_wal_checkpoint_v2(impl_->database.handle(), nullptr, mode, nullptr, nullptr);
  // Busy: a reader still needs the old pages. What could be moved is moved, the rest goes with the next one.
  if (code != SQLITE_OK && code != SQLITE_BUSY) return fail(impl_->database.error(code, "checkpoint"));
  impl_->wal_pages = 0;
  return {};
}

std::uint64_t IndexWriter::bytes_on_disk() const {
  return index::bytes_on_disk(impl_->database.path());
}

sqlite::Database& IndexWriter::connection() {
  return impl_->database;
}

}  // namespace mmm::index
