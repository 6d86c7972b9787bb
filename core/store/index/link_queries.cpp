#include "core/store/index/index_reader_impl.h"
#include "core/store/index/link_codec.h"
#include "core/store/index/row_codec.h"

namespace mmm::index {
namespace {

constexpr std::size_t kRelayCandidatesMax = 20;

// ?1 node, ?2 evidence, ?3 since, ?4 limit, ?5 to ?7 the last row, ?8 from, ?9 to
std::string links_sql(const LinkQuery& query) {
  std::string where = " WHERE l.last_us >= ?3";
  if (query.evidence) where += " AND l.evidence = ?2";
  if (query.after) where += " AND (l.from_node, l.to_node, l.evidence) > (?5, ?6, ?7)";
  if (query.from) where += " AND l.from_node = ?8";
  if (query.to) where += " AND l.to_node = ?9";
  const std::string select =
      "SELECT l.from_node, l.to_node, l.evidence, l.first_us, l.last_us, l.count, l.snr, l.rssi, "
      "coalesce(nullif(f.long_name, ''), f.short_name, ''), coalesce(nullif(t.long_name, ''), t.short_name, '')";
  const std::string names = " LEFT JOIN nodes f ON f.num = l.from_node LEFT JOIN nodes t ON t.num = l.to_node";
  if (!query.node) {
    // An index goes on with the table's key, so these rows too come in its order.
    const char* index = query.to && !query.from ? " INDEXED BY links_to" : "";
    return fmt::format("{} FROM links l{}{}{} ORDER BY l.from_node, l.to_node, l.evidence LIMIT ?4", select, index,
                       names, where);
  }
  // Both ends have their index; a node has few links, so that putting them in order costs nothing.
  return fmt::format(
      "{0} FROM (SELECT * FROM links WHERE from_node = ?1 UNION ALL SELECT * FROM links INDEXED BY links_to "
      "WHERE to_node = ?1 AND from_node <> ?1) l{1}{2} ORDER BY l.from_node, l.to_node, l.evidence LIMIT ?4",
      select, names, where);
}

// ?1 node, ?2 before, ?3 limit
std::string traceroutes_sql(const TracerouteQuery& query) {
  const std::string where = fmt::format("packet < ?2{}", query.replies_only ? " AND is_reply = 1" : "");
  if (!query.node) {
    return fmt::format("SELECT {} FROM traceroutes WHERE {} ORDER BY packet DESC LIMIT ?3", kTracerouteColumns, where);
  }
  // Each half is in order and stops at the limit; what is put in order is at most twice that.
  return fmt::format(
      "SELECT * FROM (SELECT {0} FROM traceroutes INDEXED BY traceroutes_from WHERE from_node = ?1 AND {1} "
      "ORDER BY packet DESC LIMIT ?3) UNION ALL SELECT * FROM (SELECT {0} FROM traceroutes INDEXED BY traceroutes_to "
      "WHERE to_node = ?1 AND from_node <> ?1 AND {1} ORDER BY packet DESC LIMIT ?3) ORDER BY packet DESC LIMIT ?3",
      kTracerouteColumns, where);
}

}  // namespace

Result<std::vector<LinkRow>> IndexReader::links(const LinkQuery& query) {
  auto statement = impl_->prepared(links_sql(query));
  if (!statement) return fail(statement.error());
  sqlite::Statement& select = **statement;
  if (query.node) select.bind_value(1, *query.node);
  if (query.from) select.bind_value(8, *query.from);
  if (query.to) select.bind_value(9, *query.to);
  if (query.evidence) select.bind_value(2, static_cast<int>(*query.evidence));
  select.bind_value(3, query.since_us);
  select.bind_value(4, query.limit);
  if (query.after) {
    select.bind_value(5, query.after->from);
    select.bind_value(6, query.after->to);
    select.bind_value(7, static_cast<int>(query.after->evidence));
  }
  std::vector<LinkRow> rows;
  auto read = Impl::for_rows(select, [&](const sqlite::Statement& row) {
    rows.push_back(read_link(row));
    rows.back().from_name = row.text(kLinkColumnCount);
    rows.back().to_name = row.text(kLinkColumnCount + 1);
  });
  if (!read) return fail(read.error());
  return rows;
}

Result<std::vector<LinkHourRow>> IndexReader::link_hours(const LinkKey& key, std::int64_t since_us,
                                                         std::int64_t until_us) {
  auto statement =
      impl_->prepared(fmt::format("SELECT {} FROM link_hours WHERE from_node = ?1 AND to_node = ?2 AND evidence = ?3 "
                                  "AND start_us >= ?4 AND start_us < ?5 ORDER BY start_us",
                                  kLinkHourColumns));
  if (!statement) return fail(statement.error());
  (*statement)->bind(key.from, key.to, static_cast<int>(key.evidence), since_us, until_us);
  std::vector<LinkHourRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { rows.push_back(read_link_hour(row)); });
  if (!read) return fail(read.error());
  return rows;
}

Result<std::vector<RelayRow>> IndexReader::relays(std::int64_t agent) {
  auto statement =
      impl_->prepared("SELECT agent, relay, last_us, count, snr, rssi FROM relays WHERE agent = ?1 ORDER BY relay");
  if (!statement) return fail(statement.error());
  (*statement)->bind(agent);
  std::vector<RelayRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) {
    rows.push_back({.agent = row.integer(0),
                    .relay = static_cast<std::uint32_t>(row.integer(1)),
                    .last_us = row.integer(2),
                    .count = static_cast<std::uint64_t>(row.integer(3)),
                    .snr = from_centi(row.optional_integer(4)),
                    .rssi = narrow<std::int32_t>(row.optional_integer(5))});
  });
  if (!read) return fail(read.error());
  return rows;
}

Result<std::vector<HeardByRow>> IndexReader::relay_candidates(std::int64_t agent, std::uint32_t relay) {
  // An agent hears some hundred nodes at most without a hop between.
  auto statement = impl_->prepared(
      "SELECT node, agent, last_us, snr, rssi, hops, receptions FROM heard_by INDEXED BY heard_by_agent "
      "WHERE agent = ?1 AND node & 255 = ?2 AND snr IS NOT NULL ORDER BY last_us DESC LIMIT ?3");
  if (!statement) return fail(statement.error());
  (*statement)->bind(agent, relay, kRelayCandidatesMax);
  std::vector<HeardByRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) {
    rows.push_back({.node = static_cast<std::uint32_t>(row.integer(0)),
                    .agent = row.integer(1),
                    .last_us = row.integer(2),
                    .snr = from_centi(row.optional_integer(3)),
                    .rssi = narrow<std::int32_t>(row.optional_integer(4)),
                    .hops = narrow<std::uint32_t>(row.optional_integer(5)),
                    .receptions = static_cast<std::uint64_t>(row.integer(6))});
  });
  if (!read) return fail(read.error());
  return rows;
}

Result<std::vector<TracerouteRow>> IndexReader::traceroutes(const TracerouteQuery& query) {
  auto statement = impl_->prepared(traceroutes_sql(query));
  if (!statement) return fail(statement.error());
  sqlite::Statement& select = **statement;
  if (query.node) select.bind_value(1, *query.node);
  select.bind_value(2, query.before ? static_cast<std::int64_t>(*query.before) : INT64_MAX);
  select.bind_value(3, query.limit);
  std::vector<TracerouteRow> rows;
  auto read = Impl::for_rows(select, [&](const sqlite::Statement& row) { rows.push_back(read_traceroute(row)); });
  if (!read) return fail(read.error());
  return rows;
}

}  // namespace mmm::index
