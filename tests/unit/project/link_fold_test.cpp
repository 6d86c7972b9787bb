#include "tests/unit/project/project_fixture.h"

namespace mmm::test {
namespace {

constexpr std::uint32_t kA = 0x1111'11A1;
constexpr std::uint32_t kB = 0x2222'22B2;
constexpr std::uint32_t kC = 0x3333'33C3;
constexpr std::uint32_t kRadio = 0x4444'44D4;

class LinkFoldTest : public ProjectTest {
 protected:
  // Without it, nobody knows which node an agent's radio is.
  void attach(std::string_view agent) { append(agent, -10, {own_info_record(kRadio, at(-10))}); }

  std::vector<index::LinkRow> links(const index::LinkQuery& query = {.limit = 100}) {
    return reader().links(query).value();
  }
};

mesh::MeshPacket direct(std::uint32_t from, std::uint32_t id, float snr, std::int32_t rssi) {
  mesh::MeshPacket packet = made_text(from, id, "direct");
  packet.set_rx_snr(snr);
  packet.set_rx_rssi(rssi);
  return packet;
}

mesh::MeshPacket relayed(std::uint32_t from, std::uint32_t id, std::uint32_t relay) {
  mesh::MeshPacket packet = direct(from, id, -7, -110);
  packet.set_hop_limit(packet.hop_start() - 1);
  packet.set_relay_node(relay);
  return packet;
}

mesh::MeshPacket with_payload(std::uint32_t from, std::uint32_t id, mesh::PortNum port,
                              const google::protobuf::Message& message) {
  return made_packet(from, id, port, message.SerializeAsString());
}

TEST_F(LinkFoldTest, ADirectReceptionIsALinkFromItsSenderToTheRadio) {
  attach("a");
  hear("a", 0, direct(kA, 1, 5.5F, -90));
  hear("a", 10, direct(kA, 2, -2.25F, -101));
  hear("a", 4000, direct(kA, 3, 1.0F, -95));
  const auto rows = links();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].key.from, kA);
  EXPECT_EQ(rows[0].key.to, kRadio);
  EXPECT_EQ(rows[0].key.evidence, index::LinkEvidence::kDirect);
  EXPECT_EQ(rows[0].count, 3U);
  EXPECT_EQ(rows[0].snr, 1.0);
  EXPECT_EQ(rows[0].rssi, -95);
  EXPECT_EQ(rows[0].first_us, at(0));
  EXPECT_EQ(rows[0].last_us, at(4000));
  const auto hours = reader_->link_hours(rows[0].key, at(-3600), at(7200)).value();
  ASSERT_EQ(hours.size(), 2U);
  EXPECT_EQ(hours[0].count, 2U);
  EXPECT_EQ(hours[0].snr.percentile(0.5), -5);  // -2.25 dB in halves, away from zero
  EXPECT_EQ(hours[0].snr.percentile(0.9), 11);
  EXPECT_EQ(hours[0].rssi.percentile(0.5), -101);
  EXPECT_EQ(hours[1].count, 1U);
}

TEST_F(LinkFoldTest, WhatCameOverARelayIsNoLinkOfItsSender) {
  attach("a");
  hear("a", 0, relayed(kA, 1, 0xB2));
  hear("a", 1, relayed(kC, 2, 0xB2));
  hear("a", 2, direct(kB, 3, 4, -88));
  const auto rows = links();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].key.from, kB);
  const std::int64_t agent = reader_->agent_number("a").value().value();
  const auto relays = reader_->relays(agent).value();
  ASSERT_EQ(relays.size(), 1U);
  EXPECT_EQ(relays[0].relay, 0xB2U);
  EXPECT_EQ(relays[0].count, 2U);
  EXPECT_EQ(relays[0].snr, -7.0);
  const auto candidates = reader_->relay_candidates(agent, 0xB2).value();
  ASSERT_EQ(candidates.size(), 1U);
  EXPECT_EQ(candidates[0].node, kB);
  EXPECT_TRUE(reader_->relay_candidates(agent, 0xC3).value().empty());
}

TEST_F(LinkFoldTest, NotHeardIsNoLink) {
  attach("a");
  mesh::MeshPacket by_mqtt = direct(kA, 1, 5, -90);
  by_mqtt.set_via_mqtt(true);
  by_mqtt.set_transport_mechanism(mesh::MeshPacket::TRANSPORT_MQTT);
  hear("a", 0, by_mqtt);
  hear("without radio", 1, direct(kA, 2, 5, -90));
  hear("a", 2, direct(kRadio, 3, 5, -90));
  EXPECT_TRUE(links().empty());
}

TEST_F(LinkFoldTest, NeighboursAreHeardByWhoNamesThem) {
  mesh::NeighborInfo info;
  info.set_node_id(kA);
  auto* neighbor = info.add_neighbors();
  neighbor->set_node_id(kB);
  neighbor->set_snr(-3.25F);
  info.add_neighbors()->set_node_id(kA);           // itself
  info.add_neighbors()->set_node_id(0xFFFFFFFFU);  // nobody
  for (std::uint32_t i = 0; i < 20; ++i) info.add_neighbors()->set_node_id(0x7000'0000U + i);
  hear("a", 0, with_payload(kA, 1, mesh::NEIGHBORINFO_APP, info));
  const auto rows = links({.limit = 100, .evidence = index::LinkEvidence::kNeighborInfo});
  ASSERT_EQ(rows.size(), 8U);  // ten are read
  EXPECT_EQ(rows[0].key.from, kB);
  EXPECT_EQ(rows[0].key.to, kA);
  EXPECT_EQ(rows[0].snr, -3.25);
  EXPECT_EQ(links({.limit = 100, .node = kB}).size(), 1U);
  EXPECT_EQ(links({.limit = 100, .from = kB}).size(), 1U);
  EXPECT_EQ(links({.limit = 100, .from = kB, .to = kA}).size(), 1U);
  EXPECT_TRUE(links({.limit = 100, .from = kA, .to = kB}).empty());
  const auto heard = links({.limit = 100, .to = kA});
  ASSERT_EQ(heard.size(), 8U);
  EXPECT_EQ(links({.limit = 100, .to = kA, .after = heard[2].key}).size(), 5U);
  EXPECT_EQ(links({.limit = 3}).size(), 3U);
  EXPECT_EQ(links({.limit = 100, .after = rows[0].key}).size(), 7U);
  EXPECT_TRUE(links({.limit = 100, .since_us = at(1)}).empty());
}

TEST_F(LinkFoldTest, ATracerouteIsALinkForEachOfItsHops) {
  mesh::RouteDiscovery discovery;
  discovery.add_route(kB);
  discovery.add_snr_towards(20);    // kB heard kA with 5 dB
  discovery.add_snr_towards(-128);  // kC did not measure
  discovery.add_route_back(kB);
  discovery.add_snr_back(-10);
  discovery.add_snr_back(6);
  mesh::MeshPacket reply = with_payload(kC, 9, mesh::TRACEROUTE_APP, discovery);
  reply.set_to(kA);
  reply.mutable_decoded()->set_request_id(77);
  hear("a", 0, reply);
  const auto routes = reader().traceroutes({.limit = 10}).value();
  ASSERT_EQ(routes.size(), 1U);
  EXPECT_EQ(routes[0].from, kA);
  EXPECT_EQ(routes[0].to, kC);
  EXPECT_EQ(routes[0].request_id, 77U);
  EXPECT_TRUE(routes[0].is_reply);
  EXPECT_EQ(routes[0].route, std::vector<std::uint32_t>{kB});
  EXPECT_EQ(routes[0].snr_towards, (std::vector<std::int32_t>{20, -128}));
  const auto rows = links();
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].key.from, kA);
  EXPECT_EQ(rows[0].key.to, kB);
  EXPECT_EQ(rows[0].snr, 5.0);
  EXPECT_EQ(rows[1].key.to, kA);  // kB to kA: the last hop back
  EXPECT_EQ(rows[1].snr, 1.5);
  EXPECT_EQ(rows[2].key.to, kC);
  EXPECT_FALSE(rows[2].snr);
  EXPECT_EQ(reader_->traceroutes({.limit = 10, .node = kA}).value().size(), 1U);
  EXPECT_EQ(reader_->traceroutes({.limit = 10, .node = kC}).value().size(), 1U);
  EXPECT_TRUE(reader_->traceroutes({.limit = 10, .node = kB}).value().empty());
}

TEST_F(LinkFoldTest, ALaterCopyOfATracerouteAddsWhatItCameFurther) {
  mesh::RouteDiscovery discovery;
  discovery.add_route(kB);
  discovery.add_snr_towards(8);
  mesh::MeshPacket early = with_payload(kA, 5, mesh::TRACEROUTE_APP, discovery);
  early.set_to(kC);
  discovery.add_route(0xFFFFFFFFU);  // one that does not say who it is
  discovery.add_snr_towards(-128);
  discovery.add_route(kRadio);
  discovery.add_snr_towards(12);
  mesh::MeshPacket later = with_payload(kA, 5, mesh::TRACEROUTE_APP, discovery);
  later.set_to(kC);
  hear("a", 0, early);
  ASSERT_EQ(links().size(), 1U);
  hear("b", 1, later);
  hear("c", 2, early);
  const auto routes = reader().traceroutes({.limit = 10}).value();
  ASSERT_EQ(routes.size(), 1U);
  EXPECT_FALSE(routes[0].is_reply);
  EXPECT_EQ(routes[0].request_id, 5U);
  EXPECT_EQ(routes[0].route, (std::vector<std::uint32_t>{kB, index::kHopUnknown, kRadio}));
  // The hops to and from the unknown one are no links, and the first is counted once.
  const auto rows = reader_->links({.limit = 100}).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].count, 1U);
  EXPECT_TRUE(reader_->traceroutes({.limit = 10, .replies_only = true}).value().empty());
}

TEST_F(LinkFoldTest, AnEndlessTracerouteIsNotKept) {
  mesh::RouteDiscovery discovery;
  for (std::uint32_t i = 0; i < 60; ++i) discovery.add_route(kA + i);
  hear("a", 0, with_payload(kA, 5, mesh::TRACEROUTE_APP, discovery));
  EXPECT_TRUE(reader().traceroutes({.limit = 10}).value().empty());
}

TEST(Histogram, GivesPercentilesAndComesBackFromItsBytes) {
  index::Histogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.add(-i);
  histogram.add(40, 3);
  const auto back = index::Histogram::decode(histogram.encode());
  EXPECT_EQ(back.count(), 103U);
  EXPECT_EQ(back.percentile(0.5), -49);
  EXPECT_EQ(back.percentile(1), 40);
  EXPECT_EQ(back.percentile(0), -100);
  EXPECT_FALSE(index::Histogram().percentile(0.5));
  EXPECT_EQ(index::Histogram::decode("\xFF\xFF").count(), 0U);
}

}  // namespace
}  // namespace mmm::test
