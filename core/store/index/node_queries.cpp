#include "core/store/index/index_reader_impl.h"
#include "core/store/index/row_codec.h"

namespace mmm::index {
namespace {

constexpr std::size_t kPositionsMax = 100;
constexpr std::size_t kTelemetryMax = 200;
constexpr std::size_t kRecentPacketsMax = 20;
constexpr std::size_t kHeardByMax = 1000;

}  // namespace

Result<std::vector<NodeRow>> IndexReader::nodes(const NodeQuery& query) {
  const bool by_heard = query.order == NodeOrder::kHeard;
  std::vector<SqlValue> values;
  std::string where = sql_condition(query.filter, values);
  ConditionWriter writer(values);
  if (query.heard_since_us) where += fmt::format(" AND last_heard_us >= {}", writer.add(*query.heard_since_us));
  if (query.after_num && by_heard) {
    const std::string time = writer.add(query.after_heard_us);
    where += fmt::format(" AND (last_heard_us, num) < ({}, {})", time, writer.add(std::int64_t{*query.after_num}));
  } else if (query.after_num) {
    where += fmt::format(" AND num > {}", writer.add(std::int64_t{*query.after_num}));
  }
  const std::string sql = fmt::format("SELECT {} FROM nodes {} WHERE {} ORDER BY {} LIMIT {}", kNodeColumns,
                                      by_heard ? "INDEXED BY nodes_heard" : "NOT INDEXED", where,
                                      by_heard ? "last_heard_us DESC, num DESC" : "num",
                                      writer.add(static_cast<std::int64_t>(query.limit)));
  // Not kept prepared: there are as many texts as filters.
  auto select = impl_->database.prepare(sql);
  if (!select) return fail(select.error());
  bind_values(*select, values);
  std::vector<NodeRow> rows;
  auto read = Impl::for_rows(*select, [&](const sqlite::Statement& row) { rows.push_back(read_node(row)); });
  if (!read) return fail(read.error());
  return rows;
}

Result<std::optional<NodeRow>> IndexReader::node(std::uint32_t num) {
  auto statement = impl_->prepared(fmt::format("SELECT {} FROM nodes WHERE num = ?1", kNodeColumns));
  if (!statement) return fail(statement.error());
  (*statement)->bind(num);
  std::optional<NodeRow> node;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { node = read_node(row); });
  if (!read) return fail(read.error());
  return node;
}

Result<std::vector<std::uint32_t>> IndexReader::nodes_named(std::string_view name, std::size_t limit) {
  std::vector<std::uint32_t> nums;
  for (const char* sql : {"SELECT num FROM nodes WHERE short_name = ?1 COLLATE NOCASE ORDER BY num LIMIT ?2",
                          "SELECT num FROM nodes WHERE long_name = ?1 COLLATE NOCASE ORDER BY num LIMIT ?2"}) {
    auto statement = impl_->prepared(sql);
    if (!statement) return fail(statement.error());
    (*statement)->bind(name, limit);
    auto read = Impl::for_rows(
        **statement, [&](const sqlite::Statement& row) { nums.push_back(static_cast<std::uint32_t>(row.integer(0))); });
    if (!read) return fail(read.error());
    if (!nums.empty()) break;
  }
  return nums;
}

PositionRow read_position(const sqlite::Statement& row) {
  PositionRow position;
  position.packet = static_cast<LogId>(row.integer(0));
  position.node = static_cast<std::uint32_t>(row.integer(1));
  position.position = {.latitude_i = static_cast<std::int32_t>(row.integer(2)),
                       .longitude_i = static_cast<std::int32_t>(row.integer(3)),
                       .altitude = narrow<std::int32_t>(row.optional_integer(4)),
                       .precision_bits = static_cast<std::uint32_t>(row.integer(5)),
                       .time_us = row.integer(6)};
  position.ground_speed = narrow<std::uint32_t>(row.optional_integer(7));
  position.sats_in_view = narrow<std::uint32_t>(row.optional_integer(8));
  return position;
}

namespace {

TelemetryRow read_telemetry(const sqlite::Statement& row) {
  TelemetryRow telemetry;
  telemetry.packet = static_cast<LogId>(row.integer(0));
  telemetry.node = static_cast<std::uint32_t>(row.integer(1));
  telemetry.time_us = row.integer(0) - row.integer(2);
  telemetry.kind = static_cast<std::uint32_t>(row.integer(3));
  telemetry.device = {.battery_level = narrow<std::uint32_t>(row.optional_integer(4)),
                      .voltage = row.optional_real(5),
                      .channel_utilization = row.optional_real(6),
                      .air_util_tx = row.optional_real(7),
                      .uptime_seconds = narrow<std::uint32_t>(row.optional_integer(8))};
  telemetry.metrics = row.text(9);
  return telemetry;
}

HeardByRow read_heard_by(const sqlite::Statement& row) {
  HeardByRow heard;
  heard.node = static_cast<std::uint32_t>(row.integer(0));
  heard.agent = row.integer(1);
  heard.last_us = row.integer(2);
  heard.snr = from_centi(row.optional_integer(3));
  heard.rssi = narrow<std::int32_t>(row.optional_integer(4));
  heard.hops = narrow<std::uint32_t>(row.optional_integer(5));
  heard.receptions = static_cast<std::uint64_t>(row.integer(6));
  heard.agent_id = row.text(7);
  return heard;
}

}  // namespace

Result<std::vector<TelemetryRow>> IndexReader::telemetry(const TelemetryQuery& query) {
  auto statement = impl_->prepared(
      fmt::format("SELECT {} FROM telemetry INDEXED BY telemetry_node WHERE node = ?1 AND packet >= ?2 AND packet < ?3 "
                  "AND kind = ?4 ORDER BY packet LIMIT ?5",
                  kTelemetryColumns));
  if (!statement) return fail(statement.error());
  (*statement)->bind(query.node, query.since_us, query.until_us, query.kind, query.limit);
  std::vector<TelemetryRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { rows.push_back(read_telemetry(row)); });
  if (!read) return fail(read.error());
  return rows;
}

Result<NodeDetail> IndexReader::node_detail(std::uint32_t num) {
  NodeDetail detail;
  auto positions = impl_->prepared(
      fmt::format("SELECT {} FROM positions o WHERE o.node = ?1 ORDER BY o.packet DESC LIMIT ?2", kPositionColumns));
  if (!positions) return fail(positions.error());
  (*positions)->bind(num, kPositionsMax);
  auto read = Impl::for_rows(**positions,
                             [&](const sqlite::Statement& row) { detail.positions.push_back(read_position(row)); });
  if (!read) return fail(read.error());

  auto telemetry = impl_->prepared(
      fmt::format("SELECT {} FROM telemetry WHERE node = ?1 ORDER BY packet DESC LIMIT ?2", kTelemetryColumns));
  if (!telemetry) return fail(telemetry.error());
  (*telemetry)->bind(num, kTelemetryMax);
  read = Impl::for_rows(**telemetry,
                        [&](const sqlite::Statement& row) { detail.telemetry.push_back(read_telemetry(row)); });
  if (!read) return fail(read.error());

  auto heard = heard_by(num);
  if (!heard) return fail(heard.error());
  detail.heard_by = std::move(*heard);

  auto recent =
      find_packets({.terms = {{.field = PacketField::kFrom, .ranges = {{num, num}}}}}, {.limit = kRecentPacketsMax});
  if (!recent) return fail(recent.error());
  detail.packets = std::move(recent->rows);
  if (auto named = find_first_agents(detail.packets); !named) return fail(named.error());
  return detail;
}

Result<std::vector<HeardByRow>> IndexReader::heard_by(std::uint32_t num) {
  auto statement = impl_->prepared(
      "SELECT h.node, h.agent, h.last_us, h.snr, h.rssi, h.hops, h.receptions, a.id FROM heard_by h "
      "JOIN agents a ON a.num = h.agent WHERE h.node = ?1 LIMIT ?2");
  if (!statement) return fail(statement.error());
  (*statement)->bind(num, kHeardByMax);
  std::vector<HeardByRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { rows.push_back(read_heard_by(row)); });
  if (!read) return fail(read.error());
  std::ranges::sort(rows, std::ranges::greater{}, &HeardByRow::last_us);
  return rows;
}

}  // namespace mmm::index
