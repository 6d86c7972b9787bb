#include "ingest/project/packet_cache.h"

#include <gtest/gtest.h>

namespace mmm::ingest {
namespace {

index::PacketRow packet(store::LogId id, std::uint32_t receptions = 1) {
  index::PacketRow row;
  row.id = id;
  row.receptions = receptions;
  return row;
}

TEST(PacketCache, GivesEachRowOnce) {
  PacketCache cache(8);
  cache.put(packet(5, 2));
  const auto row = cache.take(5);
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->receptions, 2U);
  EXPECT_FALSE(cache.take(5).has_value());
  cache.put(packet(5, 3));
  EXPECT_EQ(cache.take(5)->receptions, 3U);
}

TEST(PacketCache, KeepsTheNewestAndNoMoreThanItsCapacity) {
  PacketCache cache(8);
  for (store::LogId id = 1; id <= 100; ++id) cache.put(packet(id));
  for (store::LogId id = 97; id <= 100; ++id) EXPECT_TRUE(cache.take(id).has_value()) << id;
  for (store::LogId id = 1; id <= 92; ++id) EXPECT_FALSE(cache.take(id).has_value()) << id;
}

}  // namespace
}  // namespace mmm::ingest
