#include "core/python/entry_writer.h"

#include "core/mesh/application.pb.h"
#include "core/mesh/node_id.h"
#include "core/mesh/position.pb.h"
#include "core/mesh/telemetry.pb.h"
#include "core/python/entry_reader.h"
#include "core/python/json_check.h"
#include "tests/support/random_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mmm::python {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kHeardUs = 1'764'000'000'642'727;

mesh::MeshPacket heard_packet() {
  mesh::MeshPacket packet;
  packet.set_from(0xa1b2c3d4);
  packet.set_to(mesh::kBroadcast);
  packet.set_id(4'000'000'001);
  packet.set_channel(3);
  packet.set_hop_limit(5);
  packet.set_want_ack(true);
  packet.set_rx_rssi(-87);
  packet.set_rx_snr(6.25F);
  packet.set_transport_mechanism(mesh::MeshPacket::TRANSPORT_LORA);
  return packet;
}

mesh::MeshPacket heard_packet(mesh::PortNum port, std::string payload) {
  auto packet = heard_packet();
  packet.mutable_decoded()->set_portnum(port);
  packet.mutable_decoded()->set_payload(std::move(payload));
  return packet;
}

mesh::MeshPacket read_back(const mesh::MeshPacket& packet) {
  EntryReader reader;
  mesh::MeshPacket out;
  const auto told = reader.packet(packet_entry(packet, kHeardUs), out);
  EXPECT_TRUE(told) << told.error().message;
  return out;
}

// What is written reads as what the radio delivered.
void expect_unchanged(const mesh::MeshPacket& packet) {
  EXPECT_EQ(read_back(packet).ShortDebugString(), packet.ShortDebugString()) << packet_entry(packet, kHeardUs);
}

TEST(EntryWriter, WritesWhatThePythonAgentWrites) {
  EXPECT_EQ(packet_entry(heard_packet(mesh::TEXT_MESSAGE_APP, "h\"i \xf0\x9f\x98\x80"), kHeardUs),
            "{\"timestamp\":\"2025-11-24T16:00:00.642727+00:00\",\"from_node\":\"!a1b2c3d4\",\"to_node\":\"^all\","
            "\"packet_id\":4000000001,\"channel\":3,\"hop_limit\":5,\"want_ack\":true,\"rssi\":-87,\"snr\":6.25E0,"
            "\"type\":\"text_message\",\"payload\":\"h\\\"i \xf0\x9f\x98\x80\"}");
  auto unknown = heard_packet();
  unknown.clear_from();
  unknown.clear_rx_rssi();
  EXPECT_THAT(packet_entry(unknown, kHeardUs), HasSubstr("\"from_node\":null,"));
  EXPECT_THAT(packet_entry(unknown, kHeardUs), HasSubstr("\"rssi\":null,"));
  EXPECT_THAT(packet_entry(unknown, kHeardUs), HasSubstr("\"type\":\"encrypted\",\"payload\":null"));
}

TEST(EntryWriter, EveryTypeReadsAsWhatItWas) {
  expect_unchanged(heard_packet(mesh::TEXT_MESSAGE_APP, "hello"));
  auto direct = heard_packet(mesh::TEXT_MESSAGE_APP, "for you");
  direct.set_to(0x0badc0de);
  expect_unchanged(direct);
  expect_unchanged(heard_packet());  // encrypted

  mesh::Position position;
  position.set_latitude_i(481371544);
  position.set_longitude_i(-1223321001);
  position.set_altitude(519);
  position.set_time(1'760'440'000);
  expect_unchanged(heard_packet(mesh::POSITION_APP, position.SerializeAsString()));

  mesh::Telemetry telemetry;
  telemetry.mutable_device_metrics()->set_battery_level(101);
  telemetry.mutable_device_metrics()->set_voltage(4.05F);
  telemetry.mutable_device_metrics()->set_channel_utilization(0.0F);
  telemetry.mutable_device_metrics()->set_uptime_seconds(4'000'000'000);
  expect_unchanged(heard_packet(mesh::TELEMETRY_APP, telemetry.SerializeAsString()));
  telemetry.mutable_environment_metrics()->set_temperature(-12.5F);
  telemetry.mutable_environment_metrics()->set_iaq(77);
  expect_unchanged(heard_packet(mesh::TELEMETRY_APP, telemetry.SerializeAsString()));

  mesh::User user;
  user.set_long_name("Hill \"Top\"");
  user.set_short_name("\xf0\x9f\x98\x80");
  user.set_hw_model(mesh::TBEAM);
  user.set_role(mesh::Config::DeviceConfig::ROUTER);
  user.set_is_licensed(true);
  expect_unchanged(heard_packet(mesh::NODEINFO_APP, user.SerializeAsString()));

  mesh::Routing routing;
  routing.set_error_reason(mesh::Routing::MAX_RETRANSMIT);
  expect_unchanged(heard_packet(mesh::ROUTING_APP, routing.SerializeAsString()));

  mesh::RouteDiscovery route;
  route.add_route(0x11111111);
  route.add_route(mesh::kBroadcast);
  route.add_route_back(0x22222222);
  expect_unchanged(heard_packet(mesh::TRACEROUTE_APP, route.SerializeAsString()));

  auto neighbours = heard_packet(mesh::NEIGHBORINFO_APP, "\x08\x11\xff");
  neighbours.mutable_decoded()->set_request_id(7);
  neighbours.mutable_decoded()->set_want_response(true);
  expect_unchanged(neighbours);
  expect_unchanged(heard_packet(static_cast<mesh::PortNum>(300), "private"));
}

TEST(EntryWriter, WhatDoesNotParseKeepsItsBytes) {
  expect_unchanged(heard_packet(mesh::POSITION_APP, "\xff\xff\xff"));
  mesh::Routing reply;
  reply.mutable_route_reply()->add_route(0x11111111);
  expect_unchanged(heard_packet(mesh::ROUTING_APP, reply.SerializeAsString()));
}

TEST(EntryWriter, ANodeReadsAsWhatItWas) {
  mesh::NodeInfo node;
  node.set_num(0xa1b2c3d4);
  node.set_last_heard(1'760'440'000);
  node.set_is_favorite(true);
  node.set_hops_away(0);
  node.mutable_user()->set_long_name("Base");
  node.mutable_user()->set_short_name("BS");
  node.mutable_user()->set_hw_model(mesh::HELTEC_V3);
  node.mutable_user()->set_role(mesh::Config::DeviceConfig::ROUTER);
  node.mutable_position()->set_latitude_i(476062000);
  node.mutable_position()->set_longitude_i(-1223321000);
  node.mutable_position()->set_altitude(56);
  node.mutable_device_metrics()->set_battery_level(87);
  node.mutable_device_metrics()->set_air_util_tx(0.7F);
  EntryReader reader;
  const auto read = reader.node_list_entry("{" + node_list_member(node) + "}");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->ShortDebugString(), node.ShortDebugString());

  mesh::NodeInfo unknown;
  unknown.set_num(7);
  EXPECT_EQ(node_list_member(unknown),
            "\"!00000007\": {\"user\":{},\"position\":{},\"deviceMetrics\":{},\"hopsAway\":null,\"lastHeard\":null,"
            "\"isFavorite\":false}");
}

TEST(EntryWriter, WhateverARadioDeliversIsJsonAndAlwaysTheSame) {
  test::Random random(7);
  EntryReader reader;
  for (int i = 0; i < 3000; ++i) {
    mesh::MeshPacket packet;
    test::fill_randomly(packet, random);
    if (i % 2 == 0) {
      constexpr mesh::PortNum kPorts[] = {mesh::TEXT_MESSAGE_APP, mesh::POSITION_APP, mesh::TELEMETRY_APP,
                                          mesh::NODEINFO_APP,     mesh::ROUTING_APP,  mesh::TRACEROUTE_APP};
      mesh::Telemetry telemetry;
      mesh::User user;
      test::fill_randomly(telemetry, random);
      test::fill_randomly(user, random);
      packet.mutable_decoded()->set_portnum(kPorts[random() % std::size(kPorts)]);
      packet.mutable_decoded()->set_payload(random() % 2 == 0 ? telemetry.SerializeAsString()
                                                              : user.SerializeAsString());
    }
    const auto entry = packet_entry(packet, kHeardUs);
    ASSERT_TRUE(is_json(entry)) << entry;
    ASSERT_EQ(entry, packet_entry(packet, kHeardUs));
    mesh::MeshPacket out;
    ASSERT_TRUE(reader.packet(entry, out)) << entry;
    mesh::NodeInfo node;
    test::fill_randomly(node, random);
    ASSERT_TRUE(is_json("{" + node_list_member(node) + "}"));
  }
}

TEST(EntryWriter, TimesAreThoseOfPython) {
  EXPECT_EQ(time_text(kHeardUs), "2025-11-24T16:00:00.642727+00:00");
  EXPECT_EQ(time_text(1'764'000'000'000'000), "2025-11-24T16:00:00+00:00");
}

}  // namespace
}  // namespace mmm::python
