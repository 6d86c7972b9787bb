#include "ingest/project/heard_time.h"
#include "ingest/project/packet_window.h"

#include <gtest/gtest.h>

#include <random>
#include <unordered_map>

namespace mmm::ingest {
namespace {

TEST(PacketWindow, FindsWhatAMapFindsWhileOldOnesExpire) {
  PacketWindow window(4096);
  std::unordered_map<std::uint64_t, store::LogId> model;
  std::mt19937_64 random(7);
  constexpr store::LogId kAge = 3000;
  for (store::LogId id = kAge; id < 200'000; id += 1 + random() % 3) {
    window.expire(id - kAge);
    std::erase_if(model, [&](const auto& entry) { return entry.second < id - kAge; });
    const std::uint64_t key = random() % 5000;
    const auto known = model.find(key);
    const PacketWindow::Entry* found = window.find(key);
    ASSERT_EQ(found != nullptr, known != model.end()) << id;
    if (found != nullptr) {
      ASSERT_EQ(found->id, known->second);
    } else {
      window.insert(key, {.id = id});
      model[key] = id;
    }
    ASSERT_EQ(window.size(), model.size());
  }
}

TEST(PacketWindow, ForgetsTheOldestBeyondItsCapacity) {
  PacketWindow window(2048);
  for (std::uint64_t i = 1; i <= 5000; ++i) window.insert(i, {.id = i});
  EXPECT_EQ(window.size(), 2048U);
  EXPECT_EQ(window.find(5000 - 2048), nullptr);
  ASSERT_NE(window.find(5000 - 2047), nullptr);
  EXPECT_EQ(window.find(5000)->id, 5000U);
}

constexpr std::int64_t kNow = 1'767'225'600'000'000;
constexpr std::int64_t kHour = 3'600'000'000;

TEST(HeardTime, BelievesAGoodClock) {
  EXPECT_EQ(heard_time_us(kNow - 5, kNow - 2, kNow, kNow + 1), kNow - 5);
  EXPECT_EQ(heard_time_us(kNow - kHour, 0, kNow, kNow), kNow - kHour);
}

TEST(HeardTime, CorrectsAClockThatIsOff) {
  EXPECT_EQ(heard_time_us(kNow - kHour - 7, kNow - kHour, kNow, kNow), kNow - 7);
  EXPECT_EQ(heard_time_us(kNow + kHour - 7, kNow + kHour, kNow, kNow), kNow - 7);
}

TEST(HeardTime, TakesTheLogsTimeForAClockThatWasNeverSet) {
  EXPECT_EQ(heard_time_us(0, 0, kNow, kNow + 3), kNow + 3);
  EXPECT_EQ(heard_time_us(1'000'000, 0, kNow, kNow), kNow);
  EXPECT_EQ(heard_time_us(-5, kNow, kNow, kNow), kNow);
  EXPECT_EQ(heard_time_us(INT64_MAX, INT64_MIN, kNow, kNow), kNow);
  EXPECT_EQ(heard_time_us(INT64_MIN, INT64_MAX, kNow, kNow), kNow);
}

TEST(HeardTime, IsNeverAfterTheLogsTime) {
  EXPECT_EQ(heard_time_us(kNow + 30'000'000, 0, kNow, kNow), kNow);
}

}  // namespace
}  // namespace mmm::ingest
