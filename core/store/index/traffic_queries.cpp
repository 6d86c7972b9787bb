#include "core/store/index/index_reader_impl.h"
#include "core/store/index/row_codec.h"

namespace mmm::index {
namespace {

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

std::int64_t floor_to(std::int64_t time_us, std::int64_t step) {
  return time_us - time_us % step;
}

// Minutes or hours from ?1 to below ?2.
std::string sum_sql(std::string_view table) {
  return fmt::format(
      "SELECT coalesce(sum(packets), 0), coalesce(sum(receptions), 0) FROM {} WHERE start_us >= ?1 AND start_us < ?2",
      table);
}

std::string series_sql(std::string_view table) {
  return fmt::format(
      "SELECT start_us, sum(packets), sum(receptions) FROM {} WHERE start_us >= ?1 AND start_us < ?2 "
      "GROUP BY start_us ORDER BY start_us",
      table);
}

constexpr const char* kPortsSql =
    "SELECT port, sum(packets) FROM traffic_hour WHERE start_us >= ?1 AND start_us < ?2 GROUP BY port";

}  // namespace

// The rollups are rolled up further here; at most 24 hours of minutes are read, a few thousand short rows.
Result<StatsRow> IndexReader::stats(std::int64_t now_us) {
  return impl_->in_snapshot([&]() -> Result<StatsRow> {
    StatsRow stats;
    auto applied = cursor();
    if (!applied) return fail(applied.error());
    stats.cursor = *applied;
    const auto count = [this](const std::string& sql, std::uint64_t& out, std::int64_t since) -> Result<> {
      auto statement = impl_->prepared(sql);
      if (!statement) return fail(statement.error());
      if (since >= 0) (*statement)->bind(since);
      return Impl::for_rows(**statement,
                            [&](const sqlite::Statement& row) { out = static_cast<std::uint64_t>(row.integer(0)); });
    };
    const auto add_sum = [this](std::string_view table, std::int64_t from, std::int64_t to,
                                TrafficPoint& sum) -> Result<> {
      auto statement = impl_->prepared(sum_sql(table));
      if (!statement) return fail(statement.error());
      (*statement)->bind(from, to);
      return Impl::for_rows(**statement, [&](const sqlite::Statement& row) {
        sum.packets += static_cast<std::uint64_t>(row.integer(0));
        sum.receptions += static_cast<std::uint64_t>(row.integer(1));
      });
    };
    const auto series = [this](std::string_view table, std::int64_t from, std::int64_t to,
                               std::vector<TrafficPoint>& points) -> Result<> {
      auto statement = impl_->prepared(series_sql(table));
      if (!statement) return fail(statement.error());
      (*statement)->bind(from, to);
      return Impl::for_rows(**statement, [&](const sqlite::Statement& row) {
        points.push_back({.start_us = row.integer(0),
                          .packets = static_cast<std::uint64_t>(row.integer(1)),
                          .receptions = static_cast<std::uint64_t>(row.integer(2))});
      });
    };
    const std::int64_t end_minute = floor_to(now_us, kMinute) + kMinute;
    const std::int64_t end_hour = floor_to(now_us, kHour) + kHour;
    const std::int64_t first_minute = end_minute - kDay;
    // A day is the minutes up to the first whole hour, and the hours from there.
    const std::int64_t first_hour = floor_to(first_minute + kHour - 1, kHour);
    auto counters = impl_->prepared("SELECT id, value FROM counters");
    if (!counters) return fail(counters.error());
    const Result<> steps[] = {
        Impl::for_rows(**counters,
                       [&](const sqlite::Statement& row) {
                         const auto id = static_cast<std::size_t>(row.integer(0));
                         if (id < stats.counters.size()) stats.counters[id] = row.integer(1);
                       }),
        count("SELECT count(*) FROM nodes", stats.nodes, -1),
        count("SELECT count(*) FROM nodes WHERE last_heard_us >= ?1", stats.nodes_online,
              std::max<std::int64_t>(now_us - kNodeOnlineUs, 1)),
        count("SELECT count(*) FROM agents", stats.agents, -1),
        count("SELECT count(*) FROM agents WHERE last_upload_us >= ?1", stats.agents_online,
              std::max<std::int64_t>(now_us - kAgentOnlineUs, 0)),
        add_sum("traffic_minute", end_minute - kHour, end_minute, stats.last_hour),
        add_sum("traffic_minute", first_minute, first_hour, stats.last_day),
        add_sum("traffic_hour", first_hour, end_hour, stats.last_day),
        series("traffic_minute", end_minute - kMinutesShown * kMinute, end_minute, stats.minutes),
        series("traffic_hour", end_hour - kHoursShown * kHour, end_hour, stats.hours),
    };
    for (const Result<>& step : steps) {
      if (!step) return fail(step.error());
    }
    auto ports = impl_->prepared(kPortsSql);
    if (!ports) return fail(ports.error());
    (*ports)->bind(end_hour - kHoursShown * kHour, end_hour);
    auto read = Impl::for_rows(**ports, [&](const sqlite::Statement& row) {
      const std::int64_t packets = row.integer(1);
      if (packets > 0) {
        stats.ports.push_back({.port = row.integer(0), .packets = static_cast<std::uint64_t>(packets)});
      }
    });
    if (!read) return fail(read.error());
    std::ranges::sort(stats.ports, std::ranges::greater{}, &PortTraffic::packets);
    return stats;
  });
}

}  // namespace mmm::index
