#include "core/store/index/index_reader_impl.h"
#include "core/store/index/row_codec.h"

// What was counted or measured over time.
namespace mmm::index {
namespace {

std::uint64_t count(const sqlite::Statement& row, int column) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(row.integer(column), 0));
}

const char* measure_column(NodeMeasure measure) {
  switch (measure) {
    case NodeMeasure::kPackets:
      return "packets";
    case NodeMeasure::kReceptions:
      return "receptions";
    case NodeMeasure::kAirtime:
      return "airtime_us";
    case NodeMeasure::kFlooded:
      return "flooded";
  }
  return "packets";
}

}  // namespace

Result<std::vector<TrafficSeriesPoint>> IndexReader::traffic(const TrafficQuery& query) {
  auto statement = impl_->prepared(
      fmt::format("SELECT start_us - start_us % ?1 AS step, port, sum(packets), sum(receptions) FROM {} "
                  "WHERE start_us >= ?2 AND start_us < ?3{} GROUP BY step, port ORDER BY step, port LIMIT ?4",
                  query.from_minutes ? "traffic_minute" : "traffic_hour", query.port ? " AND port = ?5" : ""));
  if (!statement) return fail(statement.error());
  sqlite::Statement& select = **statement;
  select.bind(query.step_us, query.since_us, query.until_us, query.limit);
  if (query.port) select.bind_value(5, *query.port);
  std::vector<TrafficSeriesPoint> points;
  auto read = Impl::for_rows(select, [&](const sqlite::Statement& row) {
    points.push_back(
        {.start_us = row.integer(0), .port = row.integer(1), .packets = count(row, 2), .receptions = count(row, 3)});
  });
  if (!read) return fail(read.error());
  return points;
}

// The rows of one hour lie together, those of one node do not: each hour is looked up.
Result<std::vector<NodeHourRow>> IndexReader::node_hours(std::uint32_t node, std::int64_t since_us,
                                                         std::int64_t until_us) {
  return impl_->in_snapshot([&]() -> Result<std::vector<NodeHourRow>> {
    auto statement = impl_->prepared(
        "SELECT packets, receptions, airtime_us, kept, flooded FROM node_hours WHERE start_us = ?1 AND node = ?2");
    if (!statement) return fail(statement.error());
    std::vector<NodeHourRow> rows;
    for (std::int64_t start = since_us - since_us % kHourUs; start < until_us; start += kHourUs) {
      (*statement)->bind(start, node);
      auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) {
        rows.push_back({.node = node,
                        .start_us = start,
                        .packets = count(row, 0),
                        .receptions = count(row, 1),
                        .airtime_us = count(row, 2),
                        .kept = count(row, 3),
                        .flooded = count(row, 4)});
      });
      if (!read) return fail(read.error());
    }
    return rows;
  });
}

Result<std::vector<AgentHourRow>> IndexReader::agent_hours(std::int64_t agent, std::int64_t since_us,
                                                           std::int64_t until_us) {
  auto statement = impl_->prepared(
      "SELECT start_us, receptions FROM agent_hours WHERE agent = ?1 AND start_us >= ?2 AND start_us < ?3 "
      "ORDER BY start_us");
  if (!statement) return fail(statement.error());
  (*statement)->bind(agent, since_us, until_us);
  std::vector<AgentHourRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) {
    rows.push_back({.agent = agent, .start_us = row.integer(0), .receptions = count(row, 1)});
  });
  if (!read) return fail(read.error());
  return rows;
}

Result<std::vector<NodeTotals>> IndexReader::top_nodes(NodeMeasure measure, std::int64_t since_us,
                                                       std::int64_t until_us, std::size_t limit) {
  // Nobody floods but a few, and those have an index.
  const bool floods = measure == NodeMeasure::kFlooded;
  auto statement = impl_->prepared(fmt::format(
      "SELECT t.node, t.packets, t.receptions, t.airtime_us, t.flooded, coalesce(nullif(n.long_name, ''), "
      "n.short_name, "
      "'') FROM (SELECT node, sum(packets) packets, sum(receptions) receptions, sum(airtime_us) airtime_us, "
      "sum(flooded) flooded FROM node_hours {} WHERE start_us >= ?1 AND start_us < ?2{} GROUP BY node "
      "ORDER BY sum({}) DESC, node LIMIT ?3) t LEFT JOIN nodes n ON n.num = t.node",
      floods ? "INDEXED BY node_hours_flooded" : "NOT INDEXED", floods ? " AND flooded > 0" : "",
      measure_column(measure)));
  if (!statement) return fail(statement.error());
  (*statement)->bind(since_us, until_us, limit);
  std::vector<NodeTotals> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) {
    rows.push_back({.node = static_cast<std::uint32_t>(row.integer(0)),
                    .packets = count(row, 1),
                    .receptions = count(row, 2),
                    .airtime_us = count(row, 3),
                    .flooded = count(row, 4),
                    .name = std::string(row.text(5))});
  });
  if (!read) return fail(read.error());
  return rows;
}

Result<std::vector<RollupRow>> IndexReader::rollups(const TelemetryQuery& query, std::int64_t step_us) {
  auto statement = impl_->prepared(
      "SELECT start_us, fields FROM telemetry_rollups WHERE node = ?1 AND kind = ?2 AND step_us = ?3 "
      "AND start_us >= ?4 AND start_us < ?5 ORDER BY start_us LIMIT ?6");
  if (!statement) return fail(statement.error());
  (*statement)
      ->bind(query.node, query.kind, step_us, query.since_us - query.since_us % step_us, query.until_us, query.limit);
  std::vector<RollupRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) {
    rows.push_back({.key = {.node = query.node, .kind = query.kind, .step_us = step_us, .start_us = row.integer(0)},
                    .fields = decode_summaries(row.blob(1))});
  });
  if (!read) return fail(read.error());
  return rows;
}

}  // namespace mmm::index
