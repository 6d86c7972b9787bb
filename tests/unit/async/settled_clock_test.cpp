#include "core/async/settled_clock.h"

#include "tests/support/virtual_time.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace mmm {
namespace {

using namespace std::chrono_literals;

class SettledClockTest : public testing::Test {
 protected:
  boost::asio::io_context context_{1};
  test::VirtualTime time_;
  SettledClock clock_{time_, 10min};
};

TEST_F(SettledClockTest, IsSilentUntilItHasRunForAWhile) {
  EXPECT_FALSE(clock_.now());
  time_.run_for(context_, 9min);
  EXPECT_FALSE(clock_.now());
  time_.run_for(context_, 1min);
  EXPECT_EQ(clock_.now(), time_.wall());
}

TEST_F(SettledClockTest, AJumpSilencesItAgain) {
  for (const auto step : {24h, -24h}) {
    time_.run_for(context_, 10min);
    ASSERT_TRUE(clock_.now());
    time_.step_wall(step);
    EXPECT_FALSE(clock_.now());
    time_.run_for(context_, 10min);
    EXPECT_EQ(clock_.now(), time_.wall());
  }
}

TEST_F(SettledClockTest, SmallCorrectionsDoNot) {
  time_.run_for(context_, 10min);
  for (int i = 0; i < 10; ++i) {
    time_.step_wall(2s);
    EXPECT_TRUE(clock_.now());
  }
}

}  // namespace
}  // namespace mmm
