#include "agent/active/trace_scheduler.h"

#include "agent/active/airtime_budget.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;

constexpr mesh::NodeNum kOwn = 1;

class TraceSchedulerTest : public ::testing::Test {
 protected:
  void make() {
    scheduler.emplace(config, [this] { return static_cast<std::uint32_t>(random()); });
  }
  [[nodiscard]] std::optional<mesh::NodeNum> due() const { return scheduler->due(kOwn, wall, now); }
  void pass(std::chrono::milliseconds time) {
    now += time;
    wall += time;
  }
  struct Sent {
    mesh::NodeNum node;
    SteadyTime at;
  };
  // Lets `time` pass in steps of a second; `answers` says which nodes answer.
  template <typename Answers>
  std::vector<Sent> run(std::chrono::seconds time, Answers answers) {
    std::vector<Sent> all;
    for (const auto end = now + time; now < end; pass(1s)) {
      const auto node = due();
      if (!node) continue;
      scheduler->sent(*node, now);
      all.push_back({*node, now});
      if (answers(*node)) {
        scheduler->answered(*node, now);
      } else {
        scheduler->failed(*node);
      }
    }
    return all;
  }
  static std::ptrdiff_t count(const std::vector<Sent>& sent, mesh::NodeNum node) {
    return std::ranges::count(sent, node, &Sent::node);
  }

  ActiveConfig config;
  std::mt19937 random{7};
  SteadyTime now{24h};
  WallTime wall = from_micros(1'767'225'600'000'000);
  std::optional<TraceScheduler> scheduler;
};

TEST_F(TraceSchedulerTest, KeepsTheRadiosLimitAndEachNodesIntervalThroughAWeek) {
  make();
  for (mesh::NodeNum node = 1; node <= 20; ++node) scheduler->heard(node, wall + 24h * 8);
  const auto sent = run(24h * 7, [](mesh::NodeNum node) { return node % 2 == 0; });
  for (std::size_t i = 1; i < sent.size(); ++i) ASSERT_GE(sent[i].at - sent[i - 1].at, 30s);
  EXPECT_EQ(count(sent, kOwn), 0);
  EXPECT_GE(count(sent, 2), 160);
  EXPECT_LE(count(sent, 2), 168);  // hours of a week
  // Silent: after 0, 2, 4, 8, 16, 24 h, then once a day.
  EXPECT_GE(count(sent, 3), 9);
  EXPECT_LE(count(sent, 3), 13);
}

TEST_F(TraceSchedulerTest, TakesTheNodeHeardLastFirst) {
  make();
  scheduler->heard(2, wall - 2h);
  scheduler->heard(3, wall - 1h);
  scheduler->heard(4, wall - 3h);
  const auto sent = run(5min, [](mesh::NodeNum) { return true; });
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_EQ(sent[0].node, 3U);
  EXPECT_EQ(sent[1].node, 2U);
  EXPECT_EQ(sent[2].node, 4U);
}

TEST_F(TraceSchedulerTest, LeavesSilentNodesAloneButNotPriorityNodes) {
  config.priority_nodes = {9};
  make();
  scheduler->heard(2, wall - 25h);
  EXPECT_EQ(due(), 9U);
  scheduler->sent(9, now);
  pass(2min);
  EXPECT_EQ(due(), std::nullopt);
}

TEST_F(TraceSchedulerTest, APriorityNodesRouteIsGoodForItsCacheTime) {
  config.priority_nodes = {9};
  config.priority_cache = 12h;
  make();
  const auto sent = run(24h * 2, [](mesh::NodeNum) { return true; });
  ASSERT_EQ(sent.size(), 4U);
  EXPECT_GE(sent[1].at - sent[0].at, 12h);
}

TEST_F(TraceSchedulerTest, APriorityNodeThatIsHeardIsTracedAgainBeforeItsCacheTimeEnds) {
  config.priority_nodes = {9};
  config.priority_cache = 12h;
  make();
  const auto all = [](mesh::NodeNum) { return true; };
  ASSERT_EQ(run(1h, all).size(), 1U);
  // Its own answer, and what it says within the next hours, are no reason.
  scheduler->packet_heard(9, wall, now);
  EXPECT_TRUE(run(2h, all).empty());
  scheduler->packet_heard(9, wall, now);
  EXPECT_TRUE(run(2h, all).empty());
  scheduler->packet_heard(9, wall, now);
  scheduler->packet_heard(9, wall, now);
  EXPECT_EQ(run(2h, all).size(), 1U);
  // The radio's list is no packet.
  pass(5h);
  scheduler->heard(9, wall);
  EXPECT_TRUE(run(1h, all).empty());
}

TEST_F(TraceSchedulerTest, APriorityNodeThatWasGivenUpIsTracedAgainWhenItIsHeard) {
  config.priority_nodes = {9};
  make();
  const auto none = [](mesh::NodeNum) { return false; };
  ASSERT_GT(run(24h * 3, none).size(), 5U);
  while (run(1h, none).empty()) {
  }
  pass(4h);
  ASSERT_EQ(due(), std::nullopt);
  scheduler->packet_heard(9, wall, now);
  EXPECT_EQ(due(), 9U);
}

TEST_F(TraceSchedulerTest, OtherNodesKeepTheirIntervalHoweverOftenTheyAreHeard) {
  config.priority_nodes = {9};
  config.interval = 24h;
  make();
  scheduler->heard(2, wall);
  ASSERT_EQ(count(run(1h, [](mesh::NodeNum) { return true; }), 2), 1);
  pass(10h);
  scheduler->packet_heard(2, wall, now);
  EXPECT_EQ(count(run(1h, [](mesh::NodeNum) { return true; }), 2), 0);
}

TEST_F(TraceSchedulerTest, StartsAtARandomMomentSoThatAgentsDoNotSoundAtOnce) {
  std::vector<SteadyTime> starts;
  for (int i = 0; i < 20; ++i) {
    make();
    scheduler->start(now);
    EXPECT_LE(scheduler->not_before(), now + 5min);
    starts.push_back(scheduler->not_before());
  }
  std::ranges::sort(starts);
  EXPECT_GE(starts.back() - starts.front(), 1min);
  config.first_within = 0ms;
  make();
  scheduler->start(now);
  EXPECT_EQ(scheduler->not_before(), now);
}

TEST_F(TraceSchedulerTest, ForgetsTheNodeHeardLeastRecentlyWhenThereAreTooMany) {
  config.priority_nodes = {1'000'000};
  make();
  for (mesh::NodeNum i = 0; i < 2 * TraceScheduler::kNodesMax; ++i) scheduler->heard(10 + i, wall + 1ms * i);
  EXPECT_EQ(scheduler->nodes(), TraceScheduler::kNodesMax);
  EXPECT_EQ(due(), 1'000'000U);
}

TEST(AirtimeBudget, SpendsItsShareAndNoMoreOverADay) {
  const auto cost = traceroute_airtime_us(7, 0);
  EXPECT_GT(cost, 5'000'000);  // LONG_FAST: 16 transmissions of well over 300 ms
  EXPECT_LT(cost, 20'000'000);
  EXPECT_GE(traceroute_airtime_us(7, std::nullopt), cost);
  SteadyTime now{1h};
  AirtimeBudget budget(1, now);
  std::int64_t spent = 0;
  for (const auto end = now + 24h; now < end; now += 1s) {
    if (budget.spend(cost, now)) spent += cost;
  }
  EXPECT_LE(spent, 25 * 36'000'000LL);  // 1 % of 24 h and the hour it began with
  EXPECT_GE(spent, 23 * 36'000'000LL);
}

TEST(AirtimeBudget, WaitsOffWhatIsDearerThanAnHoursShare) {
  SteadyTime now{1h};
  AirtimeBudget budget(1, now);
  EXPECT_TRUE(budget.spend(72'000'000, now));
  EXPECT_FALSE(budget.spend(72'000'000, now + 119min));
  EXPECT_TRUE(budget.spend(72'000'000, now + 121min));
}

}  // namespace
}  // namespace mmm::agent
