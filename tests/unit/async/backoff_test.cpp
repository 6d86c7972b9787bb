#include "core/async/backoff.h"

#include <gtest/gtest.h>

#include <set>

namespace mmm {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, DoublesUpToTheCapAndStartsAgainAfterASuccess) {
  Backoff backoff({.first = milliseconds{100}, .max = milliseconds{1000}, .factor = 2.0, .jitter = 0.0}, 1);
  for (const int expected : {100, 200, 400, 800, 1000, 1000}) EXPECT_EQ(backoff.next(), milliseconds{expected});
  EXPECT_EQ(backoff.failures(), 6U);
  backoff.reset();
  EXPECT_EQ(backoff.next(), milliseconds{100});
}

TEST(Backoff, StaysAtTheCapHoweverOftenItFails) {
  Backoff backoff({.first = milliseconds{1}, .max = milliseconds{60'000}, .factor = 2.0, .jitter = 0.0}, 1);
  for (int i = 0; i < 10'000; ++i) static_cast<void>(backoff.next());
  EXPECT_EQ(backoff.next(), milliseconds{60'000});
}

TEST(Backoff, JitterStaysWithinItsPartAndDiffersBetweenSeeds) {
  std::set<milliseconds> firsts;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Backoff backoff({.first = milliseconds{1000}, .max = milliseconds{1000}, .factor = 2.0, .jitter = 0.5}, seed);
    Backoff same({.first = milliseconds{1000}, .max = milliseconds{1000}, .factor = 2.0, .jitter = 0.5}, seed);
    const auto delay = backoff.next();
    EXPECT_EQ(delay, same.next());
    EXPECT_GE(delay, milliseconds{500});
    EXPECT_LE(delay, milliseconds{1000});
    firsts.insert(delay);
  }
  EXPECT_GT(firsts.size(), 50U);
}

}  // namespace
}  // namespace mmm
