#include "core/store/index/overlap.h"

#include "project_fixture.h"
#include <gtest/gtest.h>

namespace mmm::test {
namespace {

using index::Overlap;
using index::OverlapCounter;

TEST(Overlap, CountsWhatEachHearsWhatOnlyItHearsAndWhatTwoHear) {
  OverlapCounter counter;
  const std::int64_t sets[][3] = {{1, 2, 3}, {2, 1, 2}, {1, 1, 1}, {3, 3, 3}, {1, 2, 1}};
  for (const auto& set : sets) counter.add(set);
  counter.add({});  // nobody: no packet of these
  const Overlap overlap = counter.finish(10);
  EXPECT_EQ(overlap.packets, 5U);
  ASSERT_EQ(overlap.agents.size(), 3U);
  EXPECT_EQ(overlap.agents[0].agent, 1);
  EXPECT_EQ(overlap.agents[0].packets, 4U);
  EXPECT_EQ(overlap.agents[0].only, 1U);
  EXPECT_EQ(overlap.agents[1].agent, 2);
  EXPECT_EQ(overlap.agents[1].packets, 3U);
  EXPECT_EQ(overlap.agents[1].only, 0U);
  EXPECT_EQ(overlap.agents[2].only, 1U);
  ASSERT_EQ(overlap.pairs.size(), 3U);
  EXPECT_EQ(overlap.pairs[0].both, 3U);  // 1 and 2
  EXPECT_EQ(overlap.pairs[1].both, 1U);  // 1 and 3
  EXPECT_EQ(overlap.pairs[2].both, 1U);  // 2 and 3
}

TEST(Overlap, PairsAreThoseOfTheBusiestAgents) {
  OverlapCounter counter;
  for (std::int64_t i = 0; i < 4; ++i) {
    const std::int64_t set[] = {7, 5};
    counter.add(set);
  }
  const std::int64_t three[] = {5, 7, 9};
  counter.add(three);
  const Overlap overlap = counter.finish(2);
  EXPECT_EQ(overlap.agents.size(), 3U);
  ASSERT_EQ(overlap.pairs.size(), 1U);
  EXPECT_EQ(overlap.pairs[0].both, 5U);
}

using OverlapQueryTest = ProjectTest;

TEST_F(OverlapQueryTest, LooksAtTheNewestAndSaysFromWhen) {
  append("a", -5, {own_info_record(0x44444444, at(-5))});
  for (std::uint32_t i = 0; i < 6; ++i) hear("a", i, made_text(0x11111111, 100 + i, "x"));
  hear("b", 7, made_text(0x11111111, 105, "x"));
  const Overlap all = reader().overlap(0, 100, 10).value();
  EXPECT_TRUE(all.complete);
  EXPECT_EQ(all.packets, 6U);
  EXPECT_EQ(all.since_us, 0);
  ASSERT_EQ(all.agents.size(), 2U);
  EXPECT_EQ(all.agents[0].agent_id, "a");
  EXPECT_EQ(all.agents[0].only, 5U);
  EXPECT_EQ(all.agents[1].packets, 1U);
  const Overlap newest = reader_->overlap(0, 2, 10).value();
  EXPECT_FALSE(newest.complete);
  EXPECT_EQ(newest.packets, 2U);
  EXPECT_EQ(newest.agents[0].only, 1U);
  EXPECT_GT(newest.since_us, all.since_us);
}

}  // namespace
}  // namespace mmm::test
