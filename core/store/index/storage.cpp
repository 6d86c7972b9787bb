#include "core/store/index/storage.h"

#include "core/store/index/index_reader_impl.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace mmm::index {
namespace {

constexpr std::int64_t kDayUs = 86'400'000'000;
constexpr auto kDay = static_cast<double>(kDayUs);
constexpr double kForEver = std::numeric_limits<double>::infinity();
// A rate of less than this says nothing about a day.
constexpr std::int64_t kShortestUs = 600'000'000;
// Rows looked at for a rate, and pages for a row's size: some milliseconds each.
constexpr std::size_t kRowsCounted = 50'000;
constexpr std::size_t kPagesSampled = 200;

// A table with its indexes, all with a row for each of the table's.
struct Counted {
  DataClass data;
  const char* table;
  const char* time;
  std::vector<const char*> trees;
  double factor = 1;
};

// Links have hours and telemetry has rollups as long as there is something to sum up: those follow from other rows, see
// below. A message's words take about as much again as the message.
const std::vector<Counted>& counted_tables() {
  static const std::vector<Counted> tables{
      {DataClass::kPackets, "packets", "id", {"packets", "packets_from", "packets_port"}},
      {DataClass::kPackets, "traceroutes", "packet", {"traceroutes", "traceroutes_from", "traceroutes_to"}},
      {DataClass::kPackets, "unreadable", "id", {"unreadable"}},
      {DataClass::kPositions, "positions", "packet", {"positions", "positions_node"}},
      {DataClass::kTelemetry, "telemetry", "packet", {"telemetry", "telemetry_node"}},
      {DataClass::kMessages, "messages", "packet", {"messages"}, 2},
      {DataClass::kTrafficMinutes, "traffic_minute", "start_us", {"traffic_minute"}},
  };
  return tables;
}

// Reads what a forecast needs from one connection.
class Meter {
 public:
  explicit Meter(sqlite::Database& database) : database_(database) {}

  Result<IndexStorage> measure() {
    auto pages = database_.integer("PRAGMA page_count");
    if (!pages) return fail(pages.error());
    auto empty = database_.integer("PRAGMA freelist_count");
    if (!empty) return fail(empty.error());
    auto page_bytes = database_.integer("PRAGMA page_size");
    if (!page_bytes) return fail(page_bytes.error());
    IndexStorage storage{.bytes = static_cast<std::uint64_t>(*pages * *page_bytes),
                         .empty_bytes = static_cast<std::uint64_t>(*empty * *page_bytes)};
    auto newest = database_.integer("SELECT value FROM meta WHERE key = 'cursor'");
    if (!newest) return fail(newest.error());
    newest_us_ = *newest;
    for (const Counted& table : counted_tables()) {
      if (auto added = add(table, storage.classes[static_cast<std::size_t>(table.data)]); !added) {
        return fail(added.error());
      }
    }
    if (auto added = add_followers(storage); !added) return fail(added.error());
    return storage;
  }

 private:
  Result<> add(const Counted& table, ClassGrowth& growth) {
    auto oldest = database_.integer(fmt::format("SELECT min({}) FROM {}", table.time, table.table));
    if (!oldest) return fail(oldest.error());
    if (*oldest == 0) return {};
    auto rate = rows_per_day(table, *oldest);
    if (!rate) return fail(rate.error());
    double bytes = 0;
    for (const char* tree : table.trees) {
      auto row = bytes_per_row(tree);
      if (!row) return fail(row.error());
      bytes += *row * table.factor;
    }
    const double before = growth.rows_per_day * growth.bytes_per_row;
    // Rows of the class are those of its first table; what the others take counts with them.
    if (growth.rows_per_day == 0) {
      growth = {.oldest_us = *oldest, .rows_per_day = *rate, .bytes_per_row = bytes};
    } else {
      growth.bytes_per_row = (before + *rate * bytes) / growth.rows_per_day;
    }
    return {};
  }

  Result<> add_followers(IndexStorage& storage) {
    auto rollup = bytes_per_row("telemetry_rollups");
    if (!rollup) return fail(rollup.error());
    const ClassGrowth& telemetry = storage.classes[static_cast<std::size_t>(DataClass::kTelemetry)];
    // At most one for each value told.
    storage.classes[static_cast<std::size_t>(DataClass::kTelemetry5m)] = {.rows_per_day = telemetry.rows_per_day,
                                                                          .bytes_per_row = *rollup};
    auto hour = bytes_per_row("link_hours");
    if (!hour) return fail(hour.error());
    auto links =
        database_.integer(fmt::format("SELECT count(*) FROM links WHERE last_us > {}", newest_us_ - kDayUs / 24));
    if (!links) return fail(links.error());
    storage.classes[static_cast<std::size_t>(DataClass::kLinkHours)] = {
        .rows_per_day = static_cast<double>(*links) * 24, .bytes_per_row = *hour};
    return {};
  }

  Result<double> rows_per_day(const Counted& table, std::int64_t oldest_us) {
    auto statement = database_.prepare(
        fmt::format("SELECT count(*), min(t) FROM (SELECT {0} AS t FROM {1} WHERE {0} > ?1 ORDER BY {0} DESC LIMIT ?2)",
                    table.time, table.table));
    if (!statement) return fail(statement.error());
    auto row = statement->bind(newest_us_ - kDayUs, kRowsCounted).step();
    if (!row) return fail(row.error());
    const std::int64_t rows = statement->integer(0);
    const bool cut = rows == static_cast<std::int64_t>(kRowsCounted);
    const std::int64_t since = cut ? statement->integer(1) : std::max(newest_us_ - kDayUs, oldest_us);
    const std::int64_t span = std::max(newest_us_ - since, cut ? 1 : kShortestUs);
    return static_cast<double>(rows) * kDay / static_cast<double>(span);
  }

  // From the first pages of the tree; 0 when it is empty.
  Result<double> bytes_per_row(std::string_view tree) {
    auto statement = database_.prepare(
        "SELECT sum(pgsize), sum(CASE WHEN pagetype = 'leaf' THEN ncell ELSE 0 END) "
        "FROM (SELECT pgsize, pagetype, ncell FROM dbstat WHERE name = ?1 LIMIT ?2)");
    if (!statement) return fail(statement.error());
    auto row = statement->bind(tree, kPagesSampled).step();
    if (!row) return fail(row.error());
    const double cells = statement->real(1);
    return cells == 0 ? 0 : statement->real(0) / cells;
  }

  sqlite::Database& database_;
  std::int64_t newest_us_ = 0;
};

}  // namespace

Result<IndexStorage> IndexReader::storage() {
  return impl_->in_snapshot([this] { return Meter(impl_->database).measure(); });
}

StorageForecast forecast(const IndexStorage& index, const store::LogStorage& log, const Retention& keep_index,
                         std::optional<std::int64_t> keep_log_us, std::uint64_t usable_bytes, std::int64_t now_us) {
  StorageForecast all;
  // Days for which parts go on growing, with what they grow by a day.
  std::vector<std::pair<double, double>> growing;
  const auto add = [&](std::string_view name, std::optional<std::int64_t> keep, std::int64_t oldest_us,
                       double bytes_per_day) {
    StoragePart part{.name = name, .keep_us = keep, .oldest_us = oldest_us, .bytes_per_day = bytes_per_day};
    if (keep) part.final_bytes = bytes_per_day * static_cast<double>(*keep) / kDay;
    all.parts.push_back(part);
    const std::int64_t age = oldest_us == 0 ? 0 : now_us - oldest_us;
    // What is as old as it may get loses as much as it gets.
    if (keep && age >= *keep) return;
    all.growth_per_day += bytes_per_day;
    growing.emplace_back(keep ? static_cast<double>(*keep - age) / kDay : kForEver, bytes_per_day);
  };
  add("log", keep_log_us, log.oldest_us, log.bytes_per_day);
  for (std::size_t i = 0; i < kDataClasses; ++i) {
    const ClassGrowth& growth = index.classes[i];
    add(kDataClassNames[i], keep_index[i], growth.oldest_us, growth.rows_per_day * growth.bytes_per_row);
  }
  std::ranges::sort(growing);
  auto room = static_cast<double>(usable_bytes);
  double rate = all.growth_per_day;
  double day = 0;
  for (const auto& [until, less] : growing) {
    if (rate > 0 && day + room / rate < until) {
      all.days_left = day + room / rate;
      break;
    }
    room -= rate * (until - day);
    day = until;
    rate -= less;
  }
  return all;
}

}  // namespace mmm::index
