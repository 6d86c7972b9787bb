#include "agent/upload/policy.h"

#include <gtest/gtest.h>

#include <vector>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;
using Next = UploadPolicy::Next;

Answer answer(Outcome outcome) {
  return Answer{.outcome = outcome, .reason = "", .retry_after = {}, .response = {}};
}

class UploadPolicyTest : public ::testing::Test {
 protected:
  SteadyTime now{1h};
  UploadPolicy policy{UploadPolicyOptions{}, 1};
};

TEST_F(UploadPolicyTest, WaitsForCompanyButNotLong) {
  EXPECT_EQ(policy.due(), SteadyTime::max());
  policy.waiting(1, now);
  EXPECT_EQ(policy.due(), now + 2s);
  policy.waiting(2, now + 1s);
  EXPECT_EQ(policy.due(), now + 2s);
  policy.waiting(500, now + 1s);
  EXPECT_LE(policy.due(), now + 1s);
}

TEST_F(UploadPolicyTest, NothingIsSentWhenNothingWaits) {
  policy.waiting(3, now);
  EXPECT_EQ(policy.answered(answer(Outcome::kAccepted), 3, now), Next::kAcknowledge);
  policy.waiting(0, now);
  EXPECT_EQ(policy.due(), SteadyTime::max());
}

TEST_F(UploadPolicyTest, BacksOffFromAServerThatIsAway) {
  policy.waiting(1000, now);
  std::chrono::nanoseconds longest{};
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(policy.answered(answer(Outcome::kUnreachable), 500, now), Next::kRetry);
    const auto delay = policy.due() - now;
    EXPECT_GT(delay, 400ms);
    EXPECT_LE(delay, 60s);
    longest = std::max<std::chrono::nanoseconds>(longest, delay);
    now = policy.due();
  }
  EXPECT_GT(longest, 30s);
  policy.answered(answer(Outcome::kAccepted), 500, now);
  EXPECT_LE(policy.due(), now);
}

TEST_F(UploadPolicyTest, SendsLessOverAnUplinkThatIsTooSlowForMore) {
  policy.waiting(1000, now);
  std::size_t sent = policy.records_max();
  while (sent > 1) {
    EXPECT_EQ(policy.answered(answer(Outcome::kTimeout), sent, now), Next::kRetry);
    EXPECT_LT(policy.records_max(), sent);
    sent = policy.records_max();
    now = policy.due();
  }
  EXPECT_EQ(policy.answered(answer(Outcome::kTimeout), sent, now), Next::kRetry);
  EXPECT_EQ(policy.records_max(), 1U);
  EXPECT_EQ(policy.answered(answer(Outcome::kAccepted), 1, now), Next::kAcknowledge);
  EXPECT_EQ(policy.records_max(), 2U);
}

TEST_F(UploadPolicyTest, ComesBackWhenTheServerSays) {
  policy.waiting(1, now);
  auto busy = answer(Outcome::kBusy);
  busy.retry_after = 120s;
  policy.answered(busy, 1, now);
  EXPECT_GE(policy.due(), now + 120s);
  EXPECT_LE(policy.due(), now + 125s);
}

TEST_F(UploadPolicyTest, AWrongKeyIsTriedAgainSlowly) {
  policy.waiting(1000, now);
  for (int i = 0; i < 10; ++i) {
    policy.answered(answer(Outcome::kUnauthorized), 500, now);
    EXPECT_GE(policy.due(), now + 60s);
    EXPECT_LE(policy.due(), now + 600s);
    now = policy.due();
  }
}

// A server that refuses batches with the bad records in them, and what the policy makes of it.
struct Refusing {
  std::vector<bool> bad;
  std::vector<std::size_t> set_aside;
  std::size_t cursor = 0;
  int requests = 0;

  void run(UploadPolicy& policy, SteadyTime now) {
    while (cursor < bad.size()) {
      policy.waiting(bad.size() - cursor, now);
      ASSERT_LE(policy.due(), now + 2min);
      now = std::max(now, policy.due());
      const std::size_t count = std::min(policy.records_max(), bad.size() - cursor);
      const auto first = bad.begin() + static_cast<std::ptrdiff_t>(cursor);
      const bool refuse = std::count(first, first + static_cast<std::ptrdiff_t>(count), true) > 0;
      ASSERT_LT(++requests, 5000);
      switch (policy.answered(answer(refuse ? Outcome::kRefused : Outcome::kAccepted), count, now)) {
        case Next::kAcknowledge:
          ASSERT_FALSE(refuse);
          cursor += count;
          break;
        case Next::kSetAside:
          ASSERT_EQ(count, 1U);
          set_aside.push_back(cursor);
          ++cursor;
          break;
        case Next::kRetry:
          ASSERT_GT(count, 1U);
      }
    }
  }
};

TEST_F(UploadPolicyTest, FindsTheOneBadRecordWithFewRequests) {
  for (const std::size_t place : {0U, 1U, 250U, 498U, 499U}) {
    UploadPolicy fresh{UploadPolicyOptions{}, 1};
    Refusing server{.bad = std::vector<bool>(500), .set_aside = {}};
    server.bad[place] = true;
    server.run(fresh, now);
    EXPECT_EQ(server.set_aside, std::vector<std::size_t>{place});
    EXPECT_LT(server.requests, 50) << place;
  }
}

TEST_F(UploadPolicyTest, SetsAsideEveryBadRecordAndOnlyThose) {
  Refusing server{.bad = std::vector<bool>(1000), .set_aside = {}};
  std::vector<std::size_t> expected;
  for (std::size_t i = 0; i < 1000; i += 1 + i * 7 % 13) {
    server.bad[i] = true;
    expected.push_back(i);
  }
  server.run(policy, now);
  EXPECT_EQ(server.set_aside, expected);
}

TEST_F(UploadPolicyTest, AServerThatRefusesEverythingIsNotFedTheWholeBuffer) {
  policy.waiting(100'000, now);
  const auto start = now;
  int set_aside = 0;
  while (now - start < 10min) {
    now = std::max(now, policy.due());
    if (policy.answered(answer(Outcome::kRefused), policy.records_max(), now) == Next::kSetAside) ++set_aside;
  }
  EXPECT_LT(set_aside, 25);
}

TEST_F(UploadPolicyTest, AProxyThatRefusesTheSizeGetsSmallerOnesAndNoneIsSetAside) {
  policy.waiting(500, now);
  EXPECT_EQ(policy.answered(answer(Outcome::kTooLarge), 500, now), Next::kRetry);
  EXPECT_EQ(policy.records_max(), 250U);
  EXPECT_EQ(policy.answered(answer(Outcome::kTooLarge), 1, now), Next::kRetry);
  EXPECT_GT(policy.due(), now);
}

TEST_F(UploadPolicyTest, StopsCompressingForAServerThatDoesNotUnderstandIt) {
  policy.waiting(1, now);
  EXPECT_TRUE(policy.compress());
  EXPECT_EQ(policy.answered(answer(Outcome::kUnsupported), 1, now), Next::kRetry);
  EXPECT_FALSE(policy.compress());
  EXPECT_EQ(policy.answered(answer(Outcome::kUnsupported), 1, now), Next::kRetry);
  EXPECT_GE(policy.due(), now + 60s);
}

TEST_F(UploadPolicyTest, HurryingSkipsTheLingerButNotAServersWish) {
  policy.waiting(1, now);
  policy.hurry(now);
  EXPECT_LE(policy.due(), now);
  auto busy = answer(Outcome::kBusy);
  busy.retry_after = 30s;
  policy.answered(busy, 1, now);
  policy.hurry(now);
  EXPECT_GE(policy.due(), now + 30s);
}

}  // namespace
}  // namespace mmm::agent
