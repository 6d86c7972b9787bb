#include "core/store/index/index_reader_impl.h"
#include "core/store/index/row_codec.h"

namespace mmm::index {
namespace {

constexpr std::size_t kPositionsMax = 100;
constexpr std::size_t kTelemetryMax = 200;
constexpr std::size_t kRecentPacketsMax = 20;
constexpr std::size_t kHeardByMax = 1000;

// For LIKE … ESCAPE '\': what the person typed stands for itself.
std::string like_pattern(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

// ?1 num of the last row, ?2 its time, ?3 heard since, ?4 text, ?5 limit
std::string nodes_sql(const NodeQuery& query) {
  const bool by_heard = query.order == NodeOrder::kHeard;
  std::string where = " WHERE 1";
  if (query.after_num) where += by_heard ? " AND (last_heard_us, num) < (?2, ?1)" : " AND num > ?1";
  if (query.heard_since_us) where += " AND last_heard_us >= ?3";
  if (!query.text.empty()) {
    where +=
        " AND (long_name LIKE ?4 ESCAPE '\\' OR short_name LIKE ?4 ESCAPE '\\' OR "
        "printf('!%08x', num) LIKE ?4 ESCAPE '\\')";
  }
  return fmt::format("SELECT {} FROM nodes {}{} ORDER BY {} LIMIT ?5", kNodeColumns,
                     by_heard ? "INDEXED BY nodes_heard" : "NOT INDEXED", where,
                     by_heard ? "last_heard_us DESC, num DESC" : "num");
}

}  // namespace

Result<std::vector<NodeRow>> IndexReader::nodes(const NodeQuery& query) {
  auto statement = impl_->prepared(nodes_sql(query));
  if (!statement) return fail(statement.error());
  sqlite::Statement& select = **statement;
  const std::string pattern = like_pattern(query.text);
  if (query.after_num) {
    select.bind_value(1, *query.after_num);
    if (query.order == NodeOrder::kHeard) select.bind_value(2, query.after_heard_us);
  }
  if (query.heard_since_us) select.bind_value(3, *query.heard_since_us);
  if (!query.text.empty()) select.bind_value(4, std::string_view(pattern));
  select.bind_value(5, query.limit);
  std::vector<NodeRow> rows;
  auto read = Impl::for_rows(select, [&](const sqlite::Statement& row) { rows.push_back(read_node(row)); });
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
      "SELECT packet, node, lag, kind, battery_level, voltage, channel_utilization, air_util_tx, uptime_seconds, "
      "metrics FROM telemetry INDEXED BY telemetry_node WHERE node = ?1 AND packet >= ?2 AND packet < ?3 AND kind = ?4 "
      "ORDER BY packet LIMIT ?5");
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
      "SELECT packet, node, lag, kind, battery_level, voltage, channel_utilization, air_util_tx, uptime_seconds, "
      "metrics FROM telemetry WHERE node = ?1 ORDER BY packet DESC LIMIT ?2");
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
