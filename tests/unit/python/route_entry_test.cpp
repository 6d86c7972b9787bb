#include "core/mesh/node_id.h"
#include "core/python/entry_reader.h"

#include <gtest/gtest.h>

namespace mmm::python {
namespace {

using Nodes = std::vector<std::uint32_t>;

TEST(RouteEntry, ReadsARouteAndPutsItsEndRight) {
  EntryReader reader;
  const auto route = reader.route(
      R"({"discovery_id": "uuid4", "source_node_id": "!11111111", "target_node_id": "!22222222", "agent_id": "a",
          "route_path": ["!11111111", "!33333333", "!11111111"], "hop_count": 2, "route_back": [], "total_time_ms": 4200,
          "discovery_timestamp": "2026-11-23T21:50:53+00:00", "success": true, "snr_towards": [6.0, -32.0, null],
          "snr_back": []})");
  ASSERT_TRUE(route) << route.error().message;
  EXPECT_EQ(route->path, (Nodes{0x11111111, 0x33333333, 0x22222222}));
  ASSERT_EQ(route->snr_towards.size(), 3U);
  EXPECT_EQ(route->snr_towards[0], 6.0F);
  EXPECT_FALSE(route->snr_towards[1]);
  EXPECT_FALSE(route->snr_towards[2]);
  EXPECT_EQ(route->total_time_ms, 4200U);
  EXPECT_EQ(route->discovered_us, 1'795'470'653'000'000);
  EXPECT_TRUE(route->success);
}

TEST(RouteEntry, LeavesARightEndAlone) {
  EntryReader reader;
  const auto path = [&reader](const char* target, const char* nodes) {
    return reader
        .route(fmt::format(R"({{"source_node_id":"!00000011","target_node_id":"{}","route_path":{}}})", target, nodes))
        ->path;
  };
  EXPECT_EQ(path("!00000012", R"(["!00000011","!00000012"])"), (Nodes{0x11, 0x12}));
  EXPECT_EQ(path("!00000011", R"(["!00000011","!00000011"])"), (Nodes{0x11, 0x11}));
  EXPECT_EQ(path("!00000012", R"([null,"!ffffffff"])"), (Nodes{mesh::kBroadcast, mesh::kBroadcast}));
  EXPECT_EQ(path("!00000012", "[]"), Nodes{});
  EXPECT_EQ(path("!00000012", "null"), Nodes{});
}

TEST(RouteEntry, NeedsItsEnds) {
  EntryReader reader;
  EXPECT_FALSE(reader.route("{}"));
  EXPECT_FALSE(reader.route(R"({"source_node_id":"!00000011","target_node_id":null})"));
  EXPECT_FALSE(reader.route("7"));
}

}  // namespace
}  // namespace mmm::python
