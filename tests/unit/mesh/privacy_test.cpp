#include "core/mesh/privacy.h"

#include <gtest/gtest.h>

namespace mmm::mesh {
namespace {

constexpr NodeNum kHidden = 0x0A0B0C0D;
constexpr NodeNum kOther = 0x01020304;

Position exact_place() {
  Position position;
  position.set_latitude_i(481371234);
  position.set_longitude_i(-115754321);
  position.set_altitude(519);
  position.set_precision_bits(32);
  return position;
}

template <class Message>
const Message& get(const Payload& payload) {
  return std::get<Message>(payload);
}

TEST(Privacy, TouchesNothingUnlessAsked) {
  const Privacy open;
  EXPECT_FALSE(open.is_active());
  EXPECT_EQ(open.describe(), "");
  Payload payload = exact_place();
  EXPECT_FALSE(open.limit(payload));
  EXPECT_EQ(get<Position>(payload).latitude_i(), 481371234);
}

TEST(Privacy, RoundsPlacesToTheMiddleOfTheirCell) {
  const Privacy privacy{.position_bits = 13};
  Payload payload = exact_place();
  EXPECT_TRUE(privacy.limit(payload));
  const auto& position = get<Position>(payload);
  EXPECT_EQ(position.precision_bits(), 13U);
  constexpr std::int32_t kHalfCell = 1 << 18;
  // Everyone of the cell is shown at its middle, which is at most half a cell away.
  EXPECT_EQ(static_cast<std::uint32_t>(position.latitude_i()) & ((1U << 19U) - 1), 1U << 18U);
  EXPECT_EQ(static_cast<std::uint32_t>(position.longitude_i()) & ((1U << 19U) - 1), 1U << 18U);
  EXPECT_LE(std::abs(position.latitude_i() - 481371234), kHalfCell);
  EXPECT_LE(std::abs(position.longitude_i() + 115754321), kHalfCell);
  // Rounded once, there is nothing more to take.
  EXPECT_FALSE(privacy.limit(payload));
}

TEST(Privacy, LeavesWhatTheSenderHasRoundedMore) {
  Position position = exact_place();
  position.set_precision_bits(12);
  Payload payload = position;
  EXPECT_FALSE(Privacy{.position_bits = 13}.limit(payload));
  EXPECT_EQ(get<Position>(payload).latitude_i(), 481371234);
  // Old firmware rounds nothing and does not say so.
  position.set_precision_bits(0);
  payload = position;
  EXPECT_TRUE(Privacy{.position_bits = 13}.limit(payload));
}

TEST(Privacy, WithoutBitsThereIsNoPlace) {
  const Privacy privacy{.position_bits = 0};
  Payload payload = exact_place();
  EXPECT_TRUE(privacy.limit(payload));
  EXPECT_FALSE(place_of(get<Position>(payload)));
  EXPECT_FALSE(get<Position>(payload).has_altitude());
  MapReport report;
  report.set_latitude_i(481371234);
  report.set_longitude_i(115754321);
  report.set_position_precision(15);
  payload = report;
  EXPECT_TRUE(privacy.limit(payload));
  EXPECT_FALSE(place_of(get<MapReport>(payload)));
  NodeInfo info;
  *info.mutable_position() = exact_place();
  EXPECT_TRUE(privacy.limit(info));
  EXPECT_FALSE(place_of(info.position()));
}

TEST(Privacy, HidesNodesInWhatOthersTellOfThem) {
  const Privacy privacy{.hidden_nodes = {kHidden}};
  EXPECT_TRUE(privacy.is_hidden(kHidden));
  EXPECT_FALSE(privacy.is_hidden(kOther));

  RouteDiscovery route;
  route.add_route(kOther);
  route.add_route(kHidden);
  route.add_route_back(kHidden);
  Payload payload = route;
  EXPECT_TRUE(privacy.limit(payload));
  EXPECT_EQ(get<RouteDiscovery>(payload).route(0), kOther);
  EXPECT_EQ(get<RouteDiscovery>(payload).route(1), kBroadcast);
  EXPECT_EQ(get<RouteDiscovery>(payload).route_back(0), kBroadcast);

  Routing routing;
  *routing.mutable_route_reply() = route;
  payload = routing;
  EXPECT_TRUE(privacy.limit(payload));
  EXPECT_EQ(get<Routing>(payload).route_reply().route(1), kBroadcast);

  NeighborInfo info;
  info.set_last_sent_by_id(kHidden);
  info.add_neighbors()->set_node_id(kHidden);
  info.add_neighbors()->set_node_id(kOther);
  payload = info;
  EXPECT_TRUE(privacy.limit(payload));
  ASSERT_EQ(get<NeighborInfo>(payload).neighbors_size(), 1);
  EXPECT_EQ(get<NeighborInfo>(payload).neighbors(0).node_id(), kOther);
  EXPECT_EQ(get<NeighborInfo>(payload).last_sent_by_id(), 0U);
  EXPECT_FALSE(privacy.limit(payload));

  Waypoint waypoint;
  waypoint.set_locked_to(kHidden);
  payload = waypoint;
  EXPECT_TRUE(privacy.limit(payload));
  EXPECT_EQ(get<Waypoint>(payload).locked_to(), 0U);

  StoreForwardPlusPlus stored;
  stored.set_encapsulated_from(kHidden);
  stored.set_message("text");
  payload = stored;
  EXPECT_TRUE(privacy.limit(payload));
  EXPECT_EQ(get<StoreForwardPlusPlus>(payload).encapsulated_from(), 0U);
  EXPECT_EQ(get<StoreForwardPlusPlus>(payload).message(), "");
}

TEST(Privacy, IsDescribedByItsSettings) {
  EXPECT_EQ((Privacy{.position_bits = 14, .hidden_nodes = {kOther, kHidden}}.describe()),
            "position_bits=14;hidden_nodes=01020304,0a0b0c0d");
}

}  // namespace
}  // namespace mmm::mesh
