#include "core/http/address_set.h"
#include "ingest/access/rate_limiter.h"
#include "ingest/access/token_buckets.h"
#include "tests/support/virtual_time.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace mmm::ingest {
namespace {

using namespace std::chrono_literals;

class RateLimitTest : public ::testing::Test {
 protected:
  void pass(test::VirtualTime::Duration duration) { time.run_for(context, duration); }
  [[nodiscard]] SteadyTime now() const { return time.steady(); }
  static int retry_after(const http::Response& response) {
    for (const auto& header : response.headers) {
      if (header.name == "Retry-After") return std::stoi(header.value);
    }
    return -1;
  }

  boost::asio::io_context context;
  test::VirtualTime time;
  metrics::Registry registry;
};

TEST_F(RateLimitTest, ABucketGivesABurstAndThenItsRate) {
  TokenBuckets buckets({.per_second = 2, .burst = 10});
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(buckets.take("a", now())) << i;
  const auto wait = buckets.take("a", now());
  ASSERT_TRUE(wait);
  EXPECT_EQ(*wait, 500ms);
  EXPECT_FALSE(buckets.take("b", now())) << "others are not held up";
  pass(500ms);
  EXPECT_FALSE(buckets.take("a", now()));
  EXPECT_TRUE(buckets.take("a", now()));
  pass(1h);
  int taken = 0;
  while (!buckets.take("a", now())) ++taken;
  EXPECT_EQ(taken, 10) << "a long silence is worth one burst";
}

TEST_F(RateLimitTest, AChargeBecomesADebtOfABurstAtMost) {
  TokenBuckets buckets({.per_second = 100, .burst = 1000});
  buckets.charge("a", now(), 1500);
  const auto wait = buckets.wait_of("a", now());
  ASSERT_TRUE(wait);
  EXPECT_EQ(std::chrono::round<std::chrono::milliseconds>(*wait), 5010ms);
  buckets.charge("a", now(), 1e9);
  EXPECT_EQ(std::chrono::round<std::chrono::milliseconds>(*buckets.wait_of("a", now())), 10'010ms);
  pass(10'020ms);
  EXPECT_FALSE(buckets.wait_of("a", now()));
}

TEST_F(RateLimitTest, WithoutARateNobodyWaitsAndNothingIsKept) {
  TokenBuckets buckets({});
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(buckets.take("a", now()));
  buckets.charge("a", now(), 1e9);
  buckets.set_rate({.per_second = 1, .burst = 1});
  EXPECT_FALSE(buckets.take("a", now()));
  EXPECT_TRUE(buckets.take("a", now()));
  buckets.set_rate({});
  EXPECT_FALSE(buckets.take("a", now()));
}

TEST_F(RateLimitTest, TheTableIsBounded) {
  TokenBuckets buckets({.per_second = 1, .burst = 1}, 3);
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(buckets.take(std::to_string(i), now()));
  EXPECT_EQ(buckets.take_evicted(), 7U);
  EXPECT_EQ(buckets.take_evicted(), 0U);
  EXPECT_TRUE(buckets.take("9", now()));
  EXPECT_FALSE(buckets.take("0", now())) << "forgotten, and so new";
}

TEST_F(RateLimitTest, AnAddressOverItsRequestsIsToldWhenToComeBack) {
  LimitsConfig config;
  config.requests_per_second = 0.1;
  config.burst = 20s;
  RateLimiter limiter(config, time, registry);
  EXPECT_FALSE(limiter.admit_request("203.0.113.9"));
  EXPECT_FALSE(limiter.admit_request("203.0.113.9"));
  const auto refused = limiter.admit_request("203.0.113.9");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 429);
  EXPECT_EQ(retry_after(*refused), 10);
  EXPECT_FALSE(limiter.admit_request("203.0.113.10"));
  pass(10s);
  EXPECT_FALSE(limiter.admit_request("203.0.113.9"));
  EXPECT_NE(registry.text().find("mmm_server_rate_limited_total{limit=\"requests\"} 1"), std::string::npos);
}

TEST_F(RateLimitTest, RecordsCountAgainstTheNextUploadOfTheKey) {
  LimitsConfig config;
  config.records_per_second = 100;
  config.burst = 10s;
  RateLimiter limiter(config, time, registry);
  const http::Identity hill{.names = {"hill"}};
  const http::Identity valley{.names = {"valley"}};
  EXPECT_FALSE(limiter.admit_upload(hill));
  limiter.count_records(hill, 1500);
  const auto refused = limiter.admit_upload(hill);
  ASSERT_TRUE(refused);
  EXPECT_EQ(retry_after(*refused), 6);
  EXPECT_FALSE(limiter.admit_upload(valley));
  pass(6s);
  EXPECT_FALSE(limiter.admit_upload(hill));
}

TEST_F(RateLimitTest, LimitsAreOffUnlessConfiguredAndCanBeChanged) {
  RateLimiter limiter({}, time, registry);
  const http::Identity hill{.names = {"hill"}};
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_FALSE(limiter.admit_request("203.0.113.9"));
    ASSERT_FALSE(limiter.admit_upload(hill));
    limiter.count_records(hill, 5000);
  }
  LimitsConfig config;
  config.uploads_per_second = 1;
  config.burst = 1s;
  limiter.configure(config);
  EXPECT_FALSE(limiter.admit_upload(hill));
  EXPECT_TRUE(limiter.admit_upload(hill));
}

TEST_F(RateLimitTest, AGuesserIsHeldUpAndItsNeighboursAreNot) {
  using enum RateLimiter::Attempt;
  LimitsConfig config;
  config.failed_attempts_per_minute = 6;
  RateLimiter limiter(config, time, registry);
  const http::Identity hill{.names = {"hill"}};
  const http::Identity valley{.names = {"valley"}};
  EXPECT_FALSE(limiter.admit_known(kUpload, "203.0.113.9", hill));
  for (int i = 0; i < 12; ++i) EXPECT_FALSE(limiter.admit_failure(kUpload, "203.0.113.9")) << i;
  const auto refused = limiter.admit_failure(kUpload, "203.0.113.9");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 429);
  EXPECT_EQ(retry_after(*refused), 10);
  // A right guess must not look different from a wrong one.
  EXPECT_TRUE(limiter.admit_known(kUpload, "203.0.113.9", valley));
  EXPECT_TRUE(limiter.admit_known(kRead, "203.0.113.9", hill));
  EXPECT_FALSE(limiter.admit_known(kUpload, "203.0.113.9", hill)) << "it has used its key before";
  EXPECT_FALSE(limiter.admit_known(kUpload, "203.0.113.10", valley));
  EXPECT_FALSE(limiter.admit_known(kUpload, "203.0.113.9", {.names = {"valley"}, .guessable = false}))
      << "nobody hits such a key by trying";
  pass(10s);
  EXPECT_FALSE(limiter.admit_known(kUpload, "203.0.113.9", valley));
}

}  // namespace
}  // namespace mmm::ingest
