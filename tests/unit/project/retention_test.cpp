#include "core/store/index/retention.h"

#include "core/sqlite/statement.h"
#include "ingest/project.h"
#include "tests/unit/project/project_fixture.h"

#include <fmt/format.h>

#include <atomic>
#include <thread>

namespace mmm::test {
namespace {

using index::DataClass;

constexpr std::int64_t kHour = 3'600'000'000;
constexpr std::int64_t kDay = 24 * kHour;

// Rows of a class: a table, the column that says when, and which rows.
struct ClassRows {
  DataClass data;
  const char* table;
  const char* time;
  const char* which = "true";
};

constexpr ClassRows kAllRows[] = {
    {DataClass::kPackets, "packets", "id"},
    {DataClass::kPackets, "late_packets", "heard_s * 1000000 + delay_us"},
    {DataClass::kPackets, "traceroutes", "packet"},
    {DataClass::kPackets, "unreadable", "id"},
    {DataClass::kPositions, "positions", "packet"},
    {DataClass::kTelemetry, "telemetry", "packet"},
    {DataClass::kMessages, "messages", "packet"},
    {DataClass::kTrafficMinutes, "traffic_minute", "start_us"},
    {DataClass::kTelemetry5m, "telemetry_rollups", "start_us", "step_us = 300000000"},
    {DataClass::kLinkHours, "link_hours", "start_us"},
};

// Ten days of a region, so that every class has rows on both sides of what is trimmed.
class RetentionTest : public ProjectTest {
 protected:
  RetentionTest() { fill(log_, {.seed = 21, .uploads = 240, .upload_every_us = kHour}); }

  sqlite::Database open_index() {
    auto database = sqlite::Database::open(index_path_, {.create = false});
    if (!database) throw std::runtime_error(database.error().message);
    return std::move(*database);
  }
  static std::int64_t number(sqlite::Database& database, const std::string& sql) {
    auto value = database.integer(sql);
    EXPECT_TRUE(value) << value.error().message;
    return value.value_or(-1);
  }
  static std::int64_t older(sqlite::Database& database, const ClassRows& rows) {
    return number(database, fmt::format("SELECT count(*) FROM {} WHERE {} AND {} < {}", rows.table, rows.which,
                                        rows.time, kBefore));
  }
  static std::int64_t all(sqlite::Database& database, const ClassRows& rows) {
    return number(database, fmt::format("SELECT count(*) FROM {} WHERE {}", rows.table, rows.which));
  }
  // Steps until there are no more, each in a transaction; returns how many it took.
  static std::size_t trim(sqlite::Database& database, DataClass data, std::size_t rows_max) {
    index::Trimmer trimmer(database);
    for (std::size_t steps = 1;; ++steps) {
      EXPECT_TRUE(database.execute("BEGIN"));
      auto more = trimmer.step(data, kBefore, rows_max);
      EXPECT_TRUE(more) << more.error().message;
      EXPECT_TRUE(database.execute("COMMIT"));
      if (!more || !*more) return steps;
    }
  }

  static constexpr std::int64_t kBefore = kTestEpochUs + 4 * kDay;
};

TEST_F(RetentionTest, RemovesWhatIsOlderAndNothingElse) {
  project(log_.log(), index_path_);
  sqlite::Database database = open_index();
  const ClassRows hourly{DataClass::kTelemetry5m, "telemetry_rollups", "start_us", "step_us = 3600000000"};
  const std::int64_t hours = all(database, hourly);
  EXPECT_GT(hours, 0);
  for (const ClassRows& rows : kAllRows) {
    const std::int64_t old = older(database, rows);
    const std::int64_t newer = all(database, rows) - old;
    EXPECT_GT(newer, 0) << rows.table;
    EXPECT_GT(old, 0) << rows.table;
  }
  for (std::size_t i = 0; i < index::kDataClasses; ++i) {
    const auto data = static_cast<DataClass>(i);
    EXPECT_FALSE(index::kept_from(database, data).value());
    std::vector<std::int64_t> newer;
    for (const ClassRows& rows : kAllRows) {
      if (rows.data == data) newer.push_back(all(database, rows) - older(database, rows));
    }
    EXPECT_GT(trim(database, data, 10), 2U) << index::kDataClassNames[i];
    EXPECT_EQ(index::kept_from(database, data).value(), kBefore);
    auto expected = newer.begin();
    for (const ClassRows& rows : kAllRows) {
      if (rows.data != data) continue;
      EXPECT_EQ(older(database, rows), 0) << rows.table;
      EXPECT_EQ(all(database, rows), *expected++) << rows.table;
    }
  }
  EXPECT_EQ(all(database, hourly), hours);
  EXPECT_TRUE(database.execute("INSERT INTO messages_fts(messages_fts, rank) VALUES('integrity-check', 1)"));
}

TEST_F(RetentionTest, GivesEmptyPagesBack) {
  project(log_.log(), index_path_);
  sqlite::Database database = open_index();
  // The share that stays for rows to come is larger than this index: what surpasses it is made up.
  EXPECT_TRUE(
      database.execute("CREATE TABLE ballast(x); BEGIN; INSERT INTO ballast WITH RECURSIVE n(i) AS (SELECT 1 "
                       "UNION ALL SELECT i + 1 FROM n WHERE i < 12000) SELECT zeroblob(3000) FROM n; COMMIT;"));
  EXPECT_EQ(index::give_back_pages(database, 100).value(), 0U);
  EXPECT_TRUE(database.execute("DROP TABLE ballast"));
  const std::int64_t before = number(database, "PRAGMA page_count");
  std::uint64_t given = 0;
  for (;;) {
    const auto step = index::give_back_pages(database, 500);
    ASSERT_TRUE(step) << step.error().message;
    EXPECT_LE(*step, 500U);
    if (*step == 0) break;
    given += *step;
  }
  EXPECT_GT(given, 10'000U);
  EXPECT_LE(number(database, "PRAGMA page_count"), before - static_cast<std::int64_t>(given));
  EXPECT_GT(number(database, "PRAGMA freelist_count"), 0);
}

class TrimmingProjectorTest : public RetentionTest {
 protected:
  std::unique_ptr<ingest::Projector> start() {
    index::Retention retention{};
    retention[static_cast<std::size_t>(DataClass::kPackets)] = 2 * kDay;
    retention[static_cast<std::size_t>(DataClass::kTelemetry)] = 3 * kDay;
    auto projector = ingest::Projector::start(log_.log(), default_keys(), feed_, registry_,
                                              {.index_path = index_path_,
                                               .projection = {},
                                               .retention = retention,
                                               .retention_clock = [this]() -> std::optional<WallTime> {
                                                 const std::int64_t now = now_us_;
                                                 return now == 0 ? std::nullopt : std::optional(from_micros(now));
                                               },
                                               .on_failure = {}});
    EXPECT_TRUE(projector) << projector.error().message;
    return std::move(*projector);
  }
  // Wakes the projector until the oldest packet in the index is younger.
  bool eventually_from(ingest::Projector& projector, std::int64_t time_us) {
    for (int i = 0; i < 3000; ++i) {
      projector.notify(log_.log().last_durable());
      sqlite::Database database = open_index();
      const std::int64_t first = number(database, "SELECT min(id) FROM packets");
      if (projector.state().caught_up && first >= time_us) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  store::AppliedFeed feed_;
  metrics::Registry registry_;
  std::atomic<std::int64_t> now_us_{0};
};

TEST_F(TrimmingProjectorTest, AgeCountsFromTheNewestRecordAndTheRestIsAsEver) {
  const auto newest = static_cast<std::int64_t>(log_.log().last_durable());
  // A year ahead of the newest record: nothing came since, so nothing has aged.
  now_us_ = newest + 365 * kDay;
  auto projector = start();
  ASSERT_TRUE(eventually_from(*projector, newest - 2 * kDay));
  for (int i = 1; i < 50; ++i) hear("a", 900'000.0 + i, made_text(1000, 7000 + static_cast<std::uint32_t>(i), "later"));
  projector->notify(log_.log().last_durable());
  while (projector->state().last_id != log_.log().last_durable()) {
    ASSERT_TRUE(projector->state().failure.empty());
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  projector->stop();
  EXPECT_EQ(registry_.text().find("mmm_server_index_trimmed_rows_total 0"), std::string::npos);

  // What is left equals an index that was never trimmed.
  const std::filesystem::path wanted = dir_ / "wanted.db";
  project(log_.log(), wanted);
  sqlite::Database database = open_index();
  ASSERT_TRUE(database.execute(fmt::format("ATTACH '{}' AS w", wanted.string()).c_str()));
  EXPECT_EQ(number(database, "SELECT count(*) FROM nodes"), number(database, "SELECT count(*) FROM w.nodes"));
  EXPECT_EQ(number(database, "SELECT count(*) FROM (SELECT * FROM nodes EXCEPT SELECT * FROM w.nodes)"), 0);
  EXPECT_EQ(number(database, "SELECT count(*) FROM (SELECT * FROM packets EXCEPT SELECT * FROM w.packets)"), 0);
  EXPECT_EQ(number(database, "SELECT count(*) FROM messages"), number(database, "SELECT count(*) FROM w.messages"));
  EXPECT_EQ(number(database, "SELECT count(*) FROM packets"),
            number(database, fmt::format("SELECT count(*) FROM w.packets WHERE id >= {}", newest - 2 * kDay)));
  EXPECT_EQ(number(database, "SELECT count(*) FROM telemetry"),
            number(database, fmt::format("SELECT count(*) FROM w.telemetry WHERE packet >= {}", newest - 3 * kDay)));
}

TEST_F(TrimmingProjectorTest, WaitsForAClockThatCanBeTrusted) {
  auto projector = start();
  while (!projector->state().caught_up) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  for (int i = 1; i < 20; ++i) {
    hear("a", 900'000.0 + i, made_text(1000, 7000 + static_cast<std::uint32_t>(i), "later"));
    projector->notify(log_.log().last_durable());
  }
  while (projector->state().last_id != log_.log().last_durable()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  {
    sqlite::Database database = open_index();
    EXPECT_LT(number(database, "SELECT min(id) FROM packets"), at(0) + kDay);
    EXPECT_FALSE(index::kept_from(database, DataClass::kPackets).value());
  }
  now_us_ = static_cast<std::int64_t>(log_.log().last_durable());
  hear("a", 900'100.0, made_text(1000, 8000, "wakes it"));
  EXPECT_TRUE(eventually_from(*projector, now_us_ - 2 * kDay));
}

}  // namespace
}  // namespace mmm::test
