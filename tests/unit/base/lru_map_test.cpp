#include "core/base/lru_map.h"

#include <gtest/gtest.h>

namespace mmm {
namespace {

TEST(LruMap, ForgetsWhatWasUnusedForLongest) {
  LruMap<int> map(2);
  EXPECT_FALSE(map.insert("a", 1));
  EXPECT_FALSE(map.insert("b", 2));
  ASSERT_NE(map.find("a"), nullptr);
  EXPECT_TRUE(map.insert("c", 3));
  EXPECT_EQ(map.find("b"), nullptr);
  ASSERT_NE(map.find("a"), nullptr);
  EXPECT_EQ(*map.find("a"), 1);
  EXPECT_EQ(*map.find("c"), 3);
  EXPECT_EQ(map.size(), 2U);
}

TEST(LruMap, KeysOfAnyLengthSurviveManyInsertions) {
  LruMap<int> map(100);
  for (int i = 0; i < 1000; ++i) map.insert(std::string(static_cast<std::size_t>(i % 40), 'k') + std::to_string(i), i);
  EXPECT_EQ(map.size(), 100U);
  for (int i = 900; i < 1000; ++i) {
    const int* found = map.find(std::string(static_cast<std::size_t>(i % 40), 'k') + std::to_string(i));
    ASSERT_NE(found, nullptr) << i;
    EXPECT_EQ(*found, i);
  }
}

}  // namespace
}  // namespace mmm
