#include "core/store/index/storage.h"

#include "core/store/log_storage.h"
#include "tests/unit/project/project_fixture.h"

#include <fmt/format.h>

namespace mmm::test {
namespace {

using index::DataClass;

constexpr std::int64_t kDay = 86'400'000'000;

class StorageTest : public ProjectTest {
 protected:
  // What SQLite says that the trees take.
  double bytes_of(const std::string& trees) {
    auto database = sqlite::Database::open(index_path_, {.read_only = true});
    auto bytes = database->integer(fmt::format("SELECT sum(pgsize) FROM dbstat WHERE name IN ({})", trees));
    return static_cast<double>(bytes.value());
  }
};

TEST_F(StorageTest, RowsTimesBytesIsWhatTheTablesTake) {
  // Twelve hours: a day at that rate has twice as much.
  fill(log_, {.seed = 3, .uploads = 720, .upload_every_us = 60'000'000});
  const auto storage = reader().storage();
  ASSERT_TRUE(storage) << storage.error().message;
  const auto per_day = [&](DataClass data) {
    const index::ClassGrowth& growth = storage->classes[static_cast<std::size_t>(data)];
    return growth.rows_per_day * growth.bytes_per_row;
  };
  const double packets = 2 * bytes_of(
                                 "'packets','packets_from','packets_port','traceroutes','traceroutes_from',"
                                 "'traceroutes_to','unreadable'");
  EXPECT_NEAR(per_day(DataClass::kPackets), packets, packets * 0.2);
  const double telemetry = 2 * bytes_of("'telemetry','telemetry_node'");
  EXPECT_NEAR(per_day(DataClass::kTelemetry), telemetry, telemetry * 0.2);
  const double positions = 2 * bytes_of("'positions','positions_node'");
  EXPECT_NEAR(per_day(DataClass::kPositions), positions, positions * 0.2);
  EXPECT_GT(per_day(DataClass::kMessages), 0);
  EXPECT_GT(per_day(DataClass::kTrafficMinutes), 0);
  EXPECT_GT(per_day(DataClass::kTelemetry5m), 0);
  EXPECT_GT(per_day(DataClass::kLinkHours), 0);
  EXPECT_EQ(storage->bytes, std::filesystem::file_size(index_path_));

  const auto log = store::measure(log_.log());
  ASSERT_TRUE(log) << log.error().message;
  EXPECT_EQ(log->oldest_us, static_cast<std::int64_t>(log_.log().first_id().value()));
  EXPECT_GT(log->bytes_per_day, 0);
}

TEST_F(StorageTest, AnEmptyIndexHasNothingToForecast) {
  const auto storage = reader().storage();
  ASSERT_TRUE(storage) << storage.error().message;
  const auto log = store::measure(log_.log());
  ASSERT_TRUE(log) << log.error().message;
  EXPECT_EQ(log->bytes_per_day, 0);
  const auto forecast = index::forecast(*storage, *log, {}, std::nullopt, 1000, at(0));
  EXPECT_EQ(forecast.growth_per_day, 0);
  EXPECT_FALSE(forecast.days_left);
}

// A log of 10 bytes a day and packets of 30, in a made-up index.
class ForecastTest : public testing::Test {
 protected:
  static constexpr std::int64_t kNow = 1000 * kDay;

  index::StorageForecast forecast(std::optional<std::int64_t> keep_log, std::optional<std::int64_t> keep_packets,
                                  std::uint64_t room) {
    index::IndexStorage storage;
    storage.classes[0] = {.oldest_us = kNow - 5 * kDay, .rows_per_day = 3, .bytes_per_row = 10};
    index::Retention keep{};
    keep[0] = keep_packets;
    return index::forecast(storage, {.bytes = 50, .oldest_us = kNow - 5 * kDay, .bytes_per_day = 10}, keep, keep_log,
                           room, kNow);
  }
};

TEST_F(ForecastTest, WhatStaysForEverFillsTheDisk) {
  const auto all = forecast({}, {}, 400);
  EXPECT_EQ(all.growth_per_day, 40);
  EXPECT_EQ(all.days_left, 10);
  EXPECT_FALSE(all.parts[0].final_bytes);
}

TEST_F(ForecastTest, WhatIsOldEnoughGrowsNoMore) {
  const auto all = forecast({}, 5 * kDay, 400);
  EXPECT_EQ(all.parts[1].name, "packets");
  EXPECT_EQ(all.parts[1].final_bytes, 150);
  EXPECT_EQ(all.growth_per_day, 10);
  EXPECT_EQ(all.days_left, 40);
}

TEST_F(ForecastTest, APartStopsGrowingOnTheWay) {
  // Packets grow for five more days, 150 bytes; the log takes 250 in 25 days.
  EXPECT_EQ(forecast({}, 10 * kDay, 400).days_left, 25);
  // Full before they have stopped.
  EXPECT_EQ(forecast({}, 10 * kDay, 100).days_left, 2.5);
}

TEST_F(ForecastTest, EverythingWithAnEndMayFit) {
  const auto fits = forecast(10 * kDay, 10 * kDay, 400);
  EXPECT_FALSE(fits.days_left);
  EXPECT_EQ(fits.parts[0].final_bytes, 100);
  EXPECT_EQ(forecast(10 * kDay, 10 * kDay, 100).days_left, 2.5);
}

}  // namespace
}  // namespace mmm::test
