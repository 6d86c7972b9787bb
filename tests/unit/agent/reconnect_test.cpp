#include "agent/radio/reconnect.h"

#include <gtest/gtest.h>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;

const SessionEnd kTaken{.reason = "closed by the radio", .was_live = true, .closed_by_peer = true, .is_network = true};

TEST(ReconnectPolicy, WaitsLongerAfterEachFailureUpToALimit) {
  ReconnectPolicy policy(1);
  EXPECT_LE(policy.open_failed(), 1s);
  for (int i = 0; i < 100; ++i) EXPECT_LE(policy.open_failed(), 60s);
  EXPECT_GE(policy.open_failed(), 30s);
}

TEST(ReconnectPolicy, ALongSessionBeginsTheRowAnew) {
  ReconnectPolicy policy(1);
  SteadyTime now{1h};
  for (int i = 0; i < 10; ++i) policy.open_failed();
  policy.opened(now);
  policy.live(now);
  now += 1min;
  EXPECT_LE(policy.session_ended({.reason = "line noise", .was_live = true}, now), 1s);
}

TEST(ReconnectPolicy, AFlappingLineIsOpenedLessAndLessOften) {
  ReconnectPolicy policy(1);
  SteadyTime now{1h};
  std::chrono::milliseconds delay{};
  for (int i = 0; i < 10; ++i) {
    policy.opened(now);
    policy.live(now);
    now += 1s;
    delay = policy.session_ended({.reason = "line noise", .was_live = true}, now);
    now += delay;
  }
  EXPECT_GE(delay, 15s);
}

TEST(ReconnectPolicy, NamesAnotherClientOnceItHasTakenTheLineAgain) {
  ReconnectPolicy policy(1);
  SteadyTime now{1h};
  policy.opened(now);
  policy.live(now);
  now += 1min;
  auto delay = policy.session_ended(kTaken, now);
  EXPECT_FALSE(policy.kicked());
  EXPECT_NE(policy.explain(kTaken).find("or another client"), std::string::npos);
  for (int i = 0; i < 5; ++i) {
    now += delay + 100ms;
    policy.opened(now);
    policy.live(now);
    now += 3s;
    delay = policy.session_ended(kTaken, now);
    EXPECT_TRUE(policy.kicked());
  }
  EXPECT_EQ(policy.explain(kTaken).find("kicked by another client"), 0U);
  EXPECT_GE(delay, 8s);
}

TEST(ReconnectPolicy, ARestartingRadioIsNotCalledAnotherClient) {
  ReconnectPolicy policy(1);
  SteadyTime now{1h};
  for (int i = 0; i < 3; ++i) {
    policy.opened(now);
    policy.live(now);
    now += 1min;
    now += policy.session_ended(kTaken, now);
    now += policy.open_failed();  // off the network while it boots
    now += 20s;
    EXPECT_FALSE(policy.kicked());
  }
}

TEST(ReconnectPolicy, AQuietTimeEndsTheFight) {
  ReconnectPolicy policy(1);
  SteadyTime now{1h};
  for (int i = 0; i < 3; ++i) {
    policy.opened(now);
    policy.live(now);
    now += 1s;
    now += policy.session_ended(kTaken, now);
  }
  EXPECT_TRUE(policy.kicked());
  policy.opened(now);
  policy.live(now);
  now += 10min;
  EXPECT_LE(policy.session_ended(kTaken, now), 1s);
  EXPECT_FALSE(policy.kicked());
}

}  // namespace
}  // namespace mmm::agent
