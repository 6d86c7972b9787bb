#include "ingest/freshness.h"

#include "core/base/time.h"
#include "metrics/catalog_server.h"

#include <gtest/gtest.h>

namespace mmm::ingest {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kNow = 1'767'225'600 * kSecond;

class FreshnessTest : public ::testing::Test {
 protected:
  // An upload of records that arrived so many seconds before it was sent.
  static Freshness::Sample sample(const std::string& agent, const std::vector<std::int64_t>& ages_s,
                                  std::int64_t sent_us = kNow) {
    upload::UploadView view;
    view.header.set_agent_id(agent);
    view.header.set_sent_us(sent_us);
    for (const auto age : ages_s) {
      upload::RecordView& record = view.records.emplace_back();
      record.arrival_us = (sent_us == 0 ? kNow : sent_us) - age * kSecond;
    }
    return Freshness::Sample(view);
  }
  double count(const std::string& agent, const std::string& freshness) {
    return registry_.counter(metrics::server::kAgentRecords, {{"agent", agent}, {"freshness", freshness}}).Value();
  }

  metrics::Registry registry_;
  Freshness freshness_{registry_, 2};
};

TEST_F(FreshnessTest, ARecordIsFreshForAMinute) {
  freshness_.observe(sample("hill", {0, 60, 61, 86'400, -5}), 0, kNow);
  EXPECT_EQ(count("hill", "fresh"), 3);
  EXPECT_EQ(count("hill", "late"), 2);
  const std::string text = registry_.text();
  EXPECT_NE(text.find("mmm_server_record_age_seconds_count 5\n"), std::string::npos) << text;
  EXPECT_NE(text.find("mmm_server_record_age_seconds_bucket{le=\"60\"} 3\n"), std::string::npos) << text;
}

TEST_F(FreshnessTest, AnAgentsWrongClockMakesNothingLate) {
  freshness_.observe(sample("hill", {3}, kNow - 30 * 86'400 * kSecond), 0, kNow);
  EXPECT_EQ(count("hill", "fresh"), 1);
  // An agent that does not say when it sent: then by this machine's clock.
  freshness_.observe(sample("hill", {100}, 0), 0, kNow);
  EXPECT_EQ(count("hill", "late"), 1);
}

TEST_F(FreshnessTest, WhatWasSentAgainCountsOnce) {
  freshness_.observe(sample("hill", {300, 200, 1}), 2, kNow);
  EXPECT_EQ(count("hill", "fresh"), 1);
  EXPECT_EQ(count("hill", "late"), 0);
  freshness_.observe(sample("hill", {300}), 1, kNow);
  EXPECT_EQ(count("hill", "late"), 0);
}

TEST_F(FreshnessTest, AgentsBeyondTheBoundAreCountedTogether) {
  for (const char* agent : {"a", "b", "c", "d", "a"}) freshness_.observe(sample(agent, {1}), 0, kNow);
  EXPECT_EQ(count("a", "fresh"), 2);
  EXPECT_EQ(count("b", "fresh"), 1);
  EXPECT_EQ(count("other", "fresh"), 2);
  EXPECT_EQ(registry_.text().find("agent=\"c\""), std::string::npos);
}

}  // namespace
}  // namespace mmm::ingest
