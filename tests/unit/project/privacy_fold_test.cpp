#include "tests/unit/project/project_fixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace mmm::test {
namespace {

constexpr std::uint32_t kHidden = 0x1A2B'3C4D;
constexpr std::uint32_t kA = 0x1111'11A1;
constexpr std::uint32_t kB = 0x2222'22B2;
constexpr std::uint32_t kRadio = 0x4444'44D4;

mesh::MeshPacket with_payload(std::uint32_t from, std::uint32_t id, mesh::PortNum port,
                              const google::protobuf::Message& message) {
  return made_packet(from, id, port, message.SerializeAsString());
}

mesh::Position exact_place() {
  mesh::Position position;
  position.set_latitude_i(481371234);
  position.set_longitude_i(115754321);
  position.set_precision_bits(32);
  return position;
}

class PrivacyFoldTest : public ProjectTest {
 protected:
  // Everything in which a node can be named.
  void tell_of(std::uint32_t node) {
    append("a", -10, {own_info_record(kRadio, at(-10))});
    hear("a", 0, made_text(node, 1, "from it"));
    mesh::MeshPacket for_it = made_text(kA, 2, "for it");
    for_it.set_to(node);
    hear("a", 1, for_it);
    hear("a", 2, with_payload(node, 3, mesh::POSITION_APP, exact_place()));

    mesh::NodeInfo info;
    info.set_num(node);
    info.mutable_user()->set_long_name("Somebody");
    *info.mutable_position() = exact_place();
    append("a", 3, {node_info_record(info, at(3))});

    mesh::NeighborInfo neighbors;
    neighbors.set_node_id(kA);
    neighbors.set_last_sent_by_id(node);
    neighbors.add_neighbors()->set_node_id(node);
    neighbors.add_neighbors()->set_node_id(kB);
    hear("a", 4, with_payload(kA, 4, mesh::NEIGHBORINFO_APP, neighbors));

    mesh::RouteDiscovery route;
    route.add_route(node);
    route.add_snr_towards(20);
    route.add_snr_towards(8);
    mesh::MeshPacket reply = with_payload(kB, 5, mesh::TRACEROUTE_APP, route);
    reply.set_to(kA);
    reply.mutable_decoded()->set_request_id(77);
    hear("a", 5, reply);
    // A copy that came further.
    route.add_route_back(node);
    reply.mutable_decoded()->set_payload(route.SerializeAsString());
    hear("b", 6, reply);

    mesh::Waypoint waypoint;
    waypoint.set_id(9);
    waypoint.set_locked_to(node);
    hear("a", 7, with_payload(kA, 6, mesh::WAYPOINT_APP, waypoint));

    // The radio beside an agent.
    append("c", 8, {own_info_record(node, at(8))});
    hear("c", 9, made_text(kB, 7, "heard by it"));
    mesh::MeshPacket own = made_text(0, 8, "from the radio itself");
    hear("c", 10, own);
  }

  // Rows that name the node, as a number, in text or in the bytes of a route.
  std::vector<std::string> rows_with(std::uint32_t node) {
    const std::string little_endian =
        fmt::format("{:02x}{:02x}{:02x}{:02x}", node & 0xFFU, (node >> 8U) & 0xFFU, (node >> 16U) & 0xFFU, node >> 24U);
    std::vector<std::string> found;
    for (std::string row : dump_database(index_path_)) {
      // What an agent's radio sends itself is told from it; no question reads it.
      if (row.starts_with("streams:")) continue;
      std::ranges::transform(row, row.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      if (row.find(std::to_string(node)) != std::string::npos ||
          row.find(fmt::format("{:08x}", node)) != std::string::npos || row.find(little_endian) != std::string::npos) {
        found.push_back(row);
      }
    }
    return found;
  }
};

TEST_F(PrivacyFoldTest, AHiddenNodeIsNowhereInTheIndex) {
  tell_of(kHidden);
  options_.privacy.hidden_nodes = {kHidden};
  const auto stats = reader().stats(at(60)).value();
  EXPECT_EQ(rows_with(kHidden), std::vector<std::string>{});
  EXPECT_EQ(stats.counters[static_cast<std::size_t>(index::Counter::kHidden)], 4);
  EXPECT_EQ(stats.nodes, 2U);
  // The route is known but for who passed it on.
  const auto routes = reader_->traceroutes({.limit = 10}).value();
  ASSERT_EQ(routes.size(), 1U);
  EXPECT_EQ(routes[0].route, std::vector<std::uint32_t>{mesh::kBroadcast});
}

// The same records without privacy, to show that the test above looks where something would be found.
TEST_F(PrivacyFoldTest, WithoutPrivacyItIsInManyPlaces) {
  tell_of(kHidden);
  reader();
  EXPECT_GE(rows_with(kHidden).size(), 10U);
}

TEST_F(PrivacyFoldTest, PlacesAreRoundedInTheIndex) {
  options_.privacy.position_bits = 13;
  hear("a", 0, with_payload(kA, 1, mesh::POSITION_APP, exact_place()));
  mesh::NodeInfo info;
  info.set_num(kB);
  *info.mutable_position() = exact_place();
  append("a", 3, {node_info_record(info, at(3))});
  reader();
  for (const std::uint32_t num : {kA, kB}) {
    const auto position = node(num).position;
    ASSERT_TRUE(position);
    EXPECT_EQ(position->precision_bits, 13U);
    EXPECT_EQ(static_cast<std::uint32_t>(position->latitude_i) & ((1U << 19U) - 1), 1U << 18U);
  }
  EXPECT_EQ(packets().front().summary.find("48.13712"), std::string::npos);
  for (const std::string& row : dump_database(index_path_)) {
    EXPECT_EQ(row.find("481371234"), std::string::npos) << row;
    EXPECT_EQ(row.find("115754321"), std::string::npos) << row;
  }
}

TEST_F(PrivacyFoldTest, AnIndexOfOtherPrivacyIsToldFromOneThatFits) {
  hear("a", 0, made_text(kA, 1, "text"));
  reader();
  reader_.reset();
  auto keys = default_keys();
  auto writer = index::IndexWriter::open(index_path_);
  ASSERT_TRUE(writer);
  auto same = ingest::Projection::open(**writer, *keys);
  ASSERT_TRUE(same);
  EXPECT_TRUE((*same)->is_as_private());
  options_.privacy.position_bits = 20;
  auto other = ingest::Projection::open(**writer, *keys, options_);
  ASSERT_TRUE(other);
  EXPECT_FALSE((*other)->is_as_private());
  EXPECT_FALSE((*other)->fits());
}

}  // namespace
}  // namespace mmm::test
