#include "tests/unit/project/project_fixture.h"

namespace mmm::test {
namespace {

constexpr std::uint32_t kNode = 0x11111111;

TEST_F(ProjectTest, FurtherReceptionsBelongToTheFirstOnesPacket) {
  hear("a", 0, made_text(kNode, 7, "hello"));
  mesh::MeshPacket relayed = made_text(kNode, 7, "hello");
  relayed.set_hop_limit(1);
  relayed.set_rx_snr(-3.5F);
  relayed.set_relay_node(0x42);
  hear("b", 5, relayed);
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].receptions, 2U);
  EXPECT_EQ(rows[0].best_snr, 6.25);
  EXPECT_EQ(rows[0].hops, 0U);
  EXPECT_EQ(rows[0].time_us, at(0));
  EXPECT_EQ(rows[0].summary, "hello");
  const auto receptions = reader_->receptions(rows[0].id).value();
  ASSERT_EQ(receptions.size(), 2U);
  EXPECT_EQ(receptions[1].agent_id, "b");
  EXPECT_EQ(receptions[1].snr, -3.5);
  EXPECT_EQ(receptions[1].rssi, -80);
  EXPECT_EQ(receptions[1].hops, 2U);
  EXPECT_EQ(receptions[1].relay_node, 0x42U);
  EXPECT_EQ(receptions[1].time_us, at(5));
  auto named = rows;
  ASSERT_TRUE(reader_->find_first_agents(named));
  EXPECT_EQ(named[0].first_agent, "a");
  EXPECT_EQ(rows[0].first_agent, "");
  const auto messages = reader_->find_messages({.limit = 10}).value().rows;
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].hops_min, 0U);
  EXPECT_EQ(messages[0].hops_max, 2U);
  EXPECT_EQ(counter(index::Counter::kPackets), 1);
  EXPECT_EQ(counter(index::Counter::kReceptions), 2);
  EXPECT_EQ(counter(index::Counter::kMessages), 1);
  EXPECT_EQ(node(kNode).packets, 1U);
}

TEST_F(ProjectTest, TheSameIdAfterTheWindowIsAnotherPacket) {
  hear("a", 0, made_text(kNode, 7, "one"));
  hear("a", 599, made_text(kNode, 7, "one again"));
  hear("a", 601, made_text(kNode, 7, "two"));
  EXPECT_EQ(packets().size(), 2U);
}

TEST_F(ProjectTest, ALateReceptionFindsItsPacketByTime) {
  hear("a", 0, made_text(kNode, 7, "one"));
  hear("a", 1800, made_text(kNode, 7, "two"));
  // After an hour without uplink.
  append("b", 3600,
         {packet_record(made_text(kNode, 7, "one"), at(2)), packet_record(made_text(kNode, 7, "two"), at(1803))});
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].receptions, 2U);
  EXPECT_EQ(rows[1].receptions, 2U);
}

TEST_F(ProjectTest, TwoLateReceptionsFindEachOther) {
  append("b", 7200, {packet_record(made_text(kNode, 7, "late"), at(0))});
  append("c", 9000, {packet_record(made_text(kNode, 7, "late"), at(3))});
  append("d", 9000.5, {packet_record(made_text(kNode, 7, "another"), at(4000))});
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].receptions, 2U);
  EXPECT_EQ(rows[1].time_us, at(0));
}

TEST_F(ProjectTest, WithoutAnIdAPacketIsRecognizedByItsContent) {
  hear("a", 0, made_text(kNode, 0, "x"));
  hear("b", 1, made_text(kNode, 0, "x"));
  hear("b", 2, made_text(kNode, 0, "y"));
  hear("b", 3, made_text(kNode + 1, 0, "x"));
  // After the projection was opened anew.
  ASSERT_EQ(packets().size(), 3U);
  hear("c", 4, made_text(kNode, 0, "x"));
  // When it was away for an hour.
  append("d", 3600, {packet_record(made_text(kNode, 0, "x"), at(2)), packet_record(made_text(kNode, 0, "z"), at(2))});
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[3].receptions, 4U);
  EXPECT_EQ(rows[3].packet_id, 0U);
}

TEST_F(ProjectTest, ANodeThatSendsTooMuchIsCountedOnly) {
  constexpr std::uint32_t kKept = 1800;
  std::vector<MadeRecord> records;
  for (std::uint32_t i = 1; i <= kKept + 200; ++i) {
    records.push_back(packet_record(made_text(kNode, i, "flood"), at(i * 0.02)));
  }
  append("a", 50, records);
  // Another agent heard them too: the first ones are known, the others have no packet that they could belong to.
  append("b", 60,
         {packet_record(made_text(kNode, 1, "flood"), at(0.1)),
          packet_record(made_text(kNode, kKept + 5, "flood"), at(41))});
  hear("a", 61, made_text(kNode + 1, 1, "somebody else"));
  EXPECT_EQ(counter(index::Counter::kPackets), kKept + 1);
  EXPECT_EQ(counter(index::Counter::kFlooded), 201);
  EXPECT_EQ(counter(index::Counter::kReceptions), kKept + 200 + 2 + 1);
  EXPECT_EQ(node(kNode).packets, kKept);
  EXPECT_EQ(node(kNode).last_heard_us, at(41));
  // The next hour is another one.
  hear("a", 3700, made_text(kNode, 70'000, "again"));
  EXPECT_EQ(packets()[0].summary, "again");
}

TEST_F(ProjectTest, PacketsOfAnAgentAreFoundOverItsHours) {
  hear("a", 0, made_text(kNode, 1, "of a"));
  hear("b", 1, made_text(kNode, 2, "of b"));
  hear("b", 7200, made_text(kNode, 3, "of b, later"));
  hear("b", 7201, made_text(kNode, 4, "of both, later"));
  hear("a", 7202, made_text(kNode, 4, "of both, later"));
  const std::int64_t agent = reader().agent_number("a").value().value();
  const auto find = [this](std::int64_t num, const index::PacketScan& scan, std::int64_t since_us) {
    const index::PacketFilter filter{.terms = {{.field = index::PacketField::kAgent, .ranges = {{num, num}}},
                                               {.field = index::PacketField::kId, .ranges = {{.min = since_us}}}}};
    return reader_->find_packets(filter, scan).value().rows;
  };
  const auto rows = find(agent, {.limit = 10}, 0);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].packet_id, 4U);
  EXPECT_EQ(rows[1].packet_id, 1U);
  EXPECT_EQ(find(agent, {.limit = 1}, 0).size(), 1U);
  EXPECT_EQ(find(agent, {.limit = 10, .after = rows[0].id}, 0).size(), 1U);
  EXPECT_EQ(find(agent, {.limit = 10}, at(7000)).size(), 1U);
  EXPECT_TRUE(find(77, {.limit = 10}, 0).empty());
}

mesh::MeshPacket replayed(mesh::MeshPacket packet) {
  packet.set_relay_node(0);
  packet.set_priority(mesh::MeshPacket::BACKGROUND);
  packet.clear_rx_rssi();
  packet.mutable_decoded()->clear_bitfield();
  return packet;
}

TEST_F(ProjectTest, AReplayIsKeptAndNotHeard) {
  mesh::Telemetry telemetry;
  telemetry.mutable_device_metrics()->set_battery_level(77);
  mesh::MeshPacket packet = made_packet(kNode, 9, mesh::TELEMETRY_APP, telemetry.SerializeAsString());
  packet.set_rx_time(static_cast<std::uint32_t>(at(-600) / 1'000'000));
  hear("a", 0, replayed(packet));
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].receptions, 0U);
  EXPECT_NE(rows[0].flags & index::kReplay, 0U);
  EXPECT_EQ(counter(index::Counter::kPackets), 0);
  EXPECT_EQ(counter(index::Counter::kReplayed), 1);
  // What it repeats is known, and as old as it says.
  const index::NodeRow known = node(kNode);
  EXPECT_EQ(known.metrics.battery_level, 77U);
  EXPECT_EQ(known.metrics_us, at(-600));
  EXPECT_FALSE(known.last_heard_us);
  EXPECT_EQ(known.packets, 0U);
  EXPECT_TRUE(reader_->node_detail(kNode).value().telemetry.empty());
}

TEST_F(ProjectTest, AReplayedPacketThatIsHeardLaterCountsThen) {
  hear("a", 0, replayed(made_text(kNode, 9, "x")));
  hear("b", 1, made_text(kNode, 9, "x"));
  hear("b", 2, made_text(kNode, 9, "x"));
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].receptions, 2U);
  EXPECT_EQ(rows[0].flags & index::kNotHeard, 0U);
  EXPECT_EQ(counter(index::Counter::kPackets), 1);
  EXPECT_EQ(node(kNode).packets, 1U);
}

TEST_F(ProjectTest, ASimulatedCopyDoesNotShadowThePacket) {
  mesh::MeshPacket simulated = made_text(kNode, 9, "x");
  simulated.mutable_decoded()->set_portnum(mesh::SIMULATOR_APP);
  hear("a", 0, simulated);
  hear("a", 1, made_text(kNode, 9, "x"));
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].port, static_cast<std::uint32_t>(mesh::TEXT_MESSAGE_APP));
  EXPECT_EQ(rows[0].receptions, 1U);
  EXPECT_EQ(counter(index::Counter::kSimulated), 1);
}

TEST_F(ProjectTest, SenderZeroIsTheAgentsOwnRadio) {
  append("a", 0, {own_info_record(0x22222222, at(0))});
  mesh::MeshPacket own = made_text(0, 9, "mine");
  own.set_transport_mechanism(mesh::MeshPacket::TRANSPORT_INTERNAL);
  own.clear_rx_rssi();
  own.clear_rx_snr();
  hear("a", 1, own);
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].from, 0x22222222U);
  EXPECT_NE(rows[0].flags & index::kOwn, 0U);
  EXPECT_EQ(rows[0].receptions, 0U);
  EXPECT_EQ(reader_->agents(10).value()[0].radio.radio_num, 0x22222222U);
  // Another agent's radio hears it on the air.
  hear("b", 2, made_text(0x22222222, 9, "mine"));
  EXPECT_EQ(packets()[0].receptions, 1U);
  EXPECT_EQ(node(0x22222222).packets, 1U);
}

TEST_F(ProjectTest, APacketByMqttIsKeptAndNotHeard) {
  mesh::MeshPacket packet = made_text(kNode, 9, "x");
  packet.set_via_mqtt(true);
  packet.set_transport_mechanism(mesh::MeshPacket::TRANSPORT_MQTT);
  packet.clear_rx_rssi();
  packet.clear_rx_snr();
  hear("a", 0, packet);
  EXPECT_EQ(packets()[0].receptions, 0U);
  EXPECT_NE(packets()[0].flags & index::kMqtt, 0U);
  EXPECT_EQ(counter(index::Counter::kMqtt), 1);
  EXPECT_EQ(counter(index::Counter::kReceptions), 0);
}

TEST_F(ProjectTest, OpensWhatTheDefaultKeyOpens) {
  hear("a", 0, encrypted_on_default_channel(made_text(kNode, 9, "secret?")));
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].summary, "secret?");
  EXPECT_NE(rows[0].flags & index::kEncrypted, 0U);
  EXPECT_NE(rows[0].flags & index::kDecrypted, 0U);
  EXPECT_EQ(reader_->find_messages({.limit = 10}).value().rows.size(), 1U);
}

mesh::MeshPacket foreign(mesh::MeshPacket packet) {
  packet.set_encrypted("twenty bytes of noise");
  packet.set_channel(99);
  return packet;
}

TEST_F(ProjectTest, AReadableReceptionMakesAnUnreadablePacketReadable) {
  const auto packet = made_text(kNode, 9, "now readable");
  hear("a", 0, foreign(packet));
  EXPECT_EQ(packets()[0].error, index::DecodeError::kNoKey);
  EXPECT_FALSE(packets()[0].port);
  hear("b", 1, packet);
  hear("c", 2, foreign(packet));
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].port, static_cast<std::uint32_t>(mesh::TEXT_MESSAGE_APP));
  EXPECT_EQ(rows[0].error, index::DecodeError::kNone);
  EXPECT_EQ(rows[0].receptions, 3U);
  const index::StatsRow stats = reader_->stats(at(10)).value();
  EXPECT_EQ(stats.counters[static_cast<std::size_t>(index::Counter::kErrorsFirst) + 1], 0);
  ASSERT_EQ(stats.ports.size(), 1U);
  EXPECT_EQ(stats.ports[0].port, mesh::TEXT_MESSAGE_APP);
  EXPECT_EQ(stats.ports[0].packets, 1U);
  EXPECT_EQ(stats.last_hour.packets, 1U);
  EXPECT_EQ(stats.last_hour.receptions, 3U);
}

TEST_F(ProjectTest, WhatCannotBeDecodedIsKeptWithItsReason) {
  hear("a", 0, made_packet(kNode, 1, mesh::POSITION_APP, "\x0d no"));
  hear("a", 1, made_packet(kNode, 2, static_cast<mesh::PortNum>(300), "mine"));
  append("a", 2, {{.arrival_us = at(2), .payload = "\xff\xff\xff"}});
  append("a", 3, {{.arrival_us = at(3), .kind = upload::RECORD_KIND_AGENT_STATUS, .payload = "\xff\xff\xff"}});
  const auto rows = packets();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].error, index::DecodeError::kMalformedPayload);
  EXPECT_EQ(rows[0].error, index::DecodeError::kUnknownPort);
  const auto count = [&](index::DecodeError error) {
    return reader_->stats(at(4))
        .value()
        .counters[static_cast<std::size_t>(index::Counter::kErrorsFirst) + static_cast<std::size_t>(error)];
  };
  EXPECT_EQ(count(index::DecodeError::kMalformedPayload), 1);
  EXPECT_EQ(count(index::DecodeError::kUnknownPort), 1);
  EXPECT_EQ(count(index::DecodeError::kMalformedRecord), 1);
  EXPECT_EQ(count(index::DecodeError::kMalformedStatus), 1);
}

}  // namespace
}  // namespace mmm::test
