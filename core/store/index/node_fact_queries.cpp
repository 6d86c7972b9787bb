#include "core/store/index/index_reader_impl.h"
#include "core/store/index/row_codec.h"

namespace mmm::index {

Result<std::vector<IdentityChangeRow>> IndexReader::identity_changes(std::uint32_t node, std::size_t limit) {
  auto statement = impl_->prepared(
      "SELECT time_us, field, value FROM identity_changes WHERE node = ?1 ORDER BY time_us DESC, field DESC LIMIT ?2");
  if (!statement) return fail(statement.error());
  (*statement)->bind(node, limit);
  std::vector<IdentityChangeRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) {
    rows.push_back({.node = node,
                    .time_us = row.integer(0),
                    .field = static_cast<IdentityField>(row.integer(1)),
                    .value = std::string(row.text(2))});
  });
  if (!read) return fail(read.error());
  return rows;
}

Result<std::optional<MapReportRow>> IndexReader::map_report(std::uint32_t node) {
  auto statement = impl_->prepared(
      "SELECT time_us, firmware, region, modem_preset, online_nodes, default_channel FROM map_reports WHERE node = ?1");
  if (!statement) return fail(statement.error());
  (*statement)->bind(node);
  std::optional<MapReportRow> found;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) {
    found = MapReportRow{.node = node,
                         .time_us = row.integer(0),
                         .firmware = std::string(row.text(1)),
                         .region = static_cast<std::uint32_t>(row.integer(2)),
                         .modem_preset = static_cast<std::uint32_t>(row.integer(3)),
                         .online_nodes = static_cast<std::uint32_t>(row.integer(4)),
                         .default_channel = row.integer(5) != 0};
  });
  if (!read) return fail(read.error());
  return found;
}

Result<std::vector<WaypointRow>> IndexReader::waypoints(std::int64_t now_us, std::size_t limit) {
  auto statement = impl_->prepared(
      "SELECT id, packet, lag, from_node, name, description, latitude_i, longitude_i, icon, expire_s, locked_to "
      "FROM waypoints WHERE expire_s = 0 OR expire_s > ?1 ORDER BY packet DESC LIMIT ?2");
  if (!statement) return fail(statement.error());
  (*statement)->bind(now_us / kSecondUs, limit);
  std::vector<WaypointRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) {
    const auto u32 = [&row](int column) { return static_cast<std::uint32_t>(row.integer(column)); };
    rows.push_back({.id = u32(0),
                    .packet = static_cast<LogId>(row.integer(1)),
                    .time_us = row.integer(1) - row.integer(2),
                    .from = u32(3),
                    .name = std::string(row.text(4)),
                    .description = std::string(row.text(5)),
                    .latitude_i = narrow<std::int32_t>(row.optional_integer(6)),
                    .longitude_i = narrow<std::int32_t>(row.optional_integer(7)),
                    .icon = u32(8),
                    .expire_s = u32(9),
                    .locked_to = u32(10)});
  });
  if (!read) return fail(read.error());
  return rows;
}

Result<std::vector<NodeRow>> IndexReader::strained_nodes(const StrainedQuery& query) {
  auto statement = impl_->prepared(
      fmt::format("SELECT {} FROM nodes INDEXED BY nodes_heard WHERE last_heard_us >= ?1 AND (battery_level <= ?2 OR "
                  "channel_utilization >= ?3) ORDER BY last_heard_us DESC LIMIT ?4",
                  kNodeColumns));
  if (!statement) return fail(statement.error());
  (*statement)->bind(query.heard_since_us, query.battery_max, query.utilization_min, query.limit);
  std::vector<NodeRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { rows.push_back(read_node(row)); });
  if (!read) return fail(read.error());
  return rows;
}

Result<std::vector<NodeRow>> IndexReader::shared_keys(std::size_t limit) {
  // The index on keys gives them in order, so that equal ones meet without a sort.
  auto statement = impl_->prepared(
      fmt::format("SELECT {} FROM nodes WHERE public_key IN (SELECT public_key FROM nodes INDEXED BY nodes_key "
                  "WHERE public_key <> x'' GROUP BY public_key HAVING count(*) > 1 LIMIT ?1) AND public_key <> x'' "
                  "ORDER BY public_key, num LIMIT ?1",
                  kNodeColumns));
  if (!statement) return fail(statement.error());
  (*statement)->bind(limit);
  std::vector<NodeRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { rows.push_back(read_node(row)); });
  if (!read) return fail(read.error());
  return rows;
}

}  // namespace mmm::index
