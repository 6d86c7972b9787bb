#include "ingest/log_retention.h"

#include "tests/support/mesh_log.h"
#include "tests/support/temp_dir.h"
#include "tests/support/virtual_time.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace mmm::ingest {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kHour = 3'600'000'000;

class LogRetentionTest : public testing::Test {
 protected:
  // One upload an hour, ten days long; the clock stands where the last one came.
  LogRetentionTest() {
    for (std::int64_t hour = 0; hour <= kHours; ++hour) {
      const std::int64_t at = test::kTestEpochUs + hour * kHour;
      log_.append("a", static_cast<store::LogId>(at), {test::packet_record(test::made_text(1000, 1, "x"), at)});
    }
  }
  [[nodiscard]] std::int64_t first_hour() const {
    return (static_cast<std::int64_t>(log_.log().first_id().value()) - test::kTestEpochUs) / kHour;
  }

  static constexpr std::int64_t kHours = 240;
  test::TempDir dir_;
  test::MeshLog log_{dir_ / "log"};
  boost::asio::io_context context_{1};
  test::VirtualTime time_{from_micros(test::kTestEpochUs + kHours * kHour)};
  metrics::Registry registry_;
  store::LogId may_go_ = UINT64_MAX >> 1U;
  LogRetention retention_{log_.log(), time_, 100 * kHour, [this] { return may_go_; }, registry_};
};

TEST_F(LogRetentionTest, RemovesWhatIsOlderOnceTheClockIsTrusted) {
  ASSERT_TRUE(retention_.trim());
  EXPECT_EQ(first_hour(), 0);
  time_.run_for(context_, 10min);
  ASSERT_TRUE(retention_.trim());
  EXPECT_EQ(first_hour(), kHours - 100);
  EXPECT_EQ(log_.log().trimmed().value(), static_cast<store::LogId>(test::kTestEpochUs + 140 * kHour) - 1);
}

TEST_F(LogRetentionTest, NothingAgesWhileNothingComes) {
  time_.run_for(context_, 24h * 30);
  ASSERT_TRUE(retention_.trim());
  EXPECT_EQ(first_hour(), kHours - 100);
}

TEST_F(LogRetentionTest, KeepsWhatTheIndexHasNotGotYet) {
  time_.run_for(context_, 10min);
  may_go_ = static_cast<store::LogId>(test::kTestEpochUs + 50 * kHour);
  ASSERT_TRUE(retention_.trim());
  EXPECT_EQ(first_hour(), 50);
  may_go_ = 0;
  ASSERT_TRUE(retention_.trim());
  EXPECT_EQ(first_hour(), 50);
}

TEST_F(LogRetentionTest, RemovesInStretches) {
  time_.run_for(context_, 10min);
  may_go_ = static_cast<store::LogId>(test::kTestEpochUs + 5 * kHour);
  ASSERT_TRUE(retention_.trim());
  EXPECT_EQ(first_hour(), 0);
  may_go_ = static_cast<store::LogId>(test::kTestEpochUs + 6 * kHour);
  ASSERT_TRUE(retention_.trim());
  EXPECT_EQ(first_hour(), 6);
}

}  // namespace
}  // namespace mmm::ingest
