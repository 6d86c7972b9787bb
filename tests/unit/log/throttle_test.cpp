#include "core/log/throttle.h"

#include <gtest/gtest.h>

namespace mmm::log {
namespace {

using namespace std::chrono_literals;

TEST(Throttle, LetsOneLineAnIntervalThroughAndCountsTheRest) {
  Throttle throttle(10s);
  const SteadyTime start{};
  EXPECT_EQ(throttle.admit(start), 0U);
  EXPECT_FALSE(throttle.admit(start + 1s));
  EXPECT_FALSE(throttle.admit(start + 9999ms));
  EXPECT_EQ(throttle.admit(start + 10s), 2U);
  EXPECT_FALSE(throttle.admit(start + 11s));
  EXPECT_EQ(throttle.admit(start + 1h), 1U);
  EXPECT_EQ(throttle.admit(start + 2h), 0U);
}

TEST(Throttle, LetsSomeLinesThroughAtOnceAfterASilence) {
  Throttle throttle(10s, 3);
  const SteadyTime start{};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle.admit(start), 0U) << i;
  EXPECT_FALSE(throttle.admit(start));
  EXPECT_EQ(throttle.admit(start + 10s), 1U);
  EXPECT_FALSE(throttle.admit(start + 11s));
  int lines = 0;
  for (int i = 20; i < 3620; ++i) lines += throttle.admit(start + i * 1s) ? 1 : 0;
  EXPECT_NEAR(lines, 360, 1);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(throttle.admit(start + 2h)) << i;
  EXPECT_FALSE(throttle.admit(start + 2h));
}

TEST(Throttle, AResetLetsTheNextLineThrough) {
  Throttle throttle(1h);
  const SteadyTime start{};
  EXPECT_EQ(throttle.admit(start), 0U);
  EXPECT_FALSE(throttle.admit(start + 1s));
  throttle.reset();
  EXPECT_EQ(throttle.admit(start + 2s), 1U);
}

TEST(Throttle, SaysHowManyLinesWereLeftOut) {
  start(Level::kInfo);
  Throttle throttle(10s);
  testing::internal::CaptureStderr();
  for (int i = 0; i <= 20; ++i) {
    warning(throttle, SteadyTime{} + i * 1s, "test", "radio {} is silent", i);
  }
  const std::string lines = testing::internal::GetCapturedStderr();
  EXPECT_NE(lines.find("test: radio 0 is silent\n"), std::string::npos) << lines;
  EXPECT_NE(lines.find("test: radio 10 is silent (9 more like it were left out)\n"), std::string::npos) << lines;
  EXPECT_NE(lines.find("test: radio 20 is silent (9 more like it were left out)\n"), std::string::npos) << lines;
  EXPECT_EQ(lines.find("radio 11"), std::string::npos) << lines;
}

}  // namespace
}  // namespace mmm::log
