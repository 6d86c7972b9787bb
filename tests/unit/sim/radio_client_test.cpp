// What a radio answers to what its client sends over it.

#include "tests/unit/sim/radio_fixture.h"

namespace mmm::sim {
namespace {

TEST_F(RadioTest, AnswersAPacketWithQueueStatusAndIgnoresARepeatedId) {
  connect();
  const auto text = packet_to(kBroadcast, mesh::TEXT_MESSAGE_APP, "hi");
  send(text);
  const auto answers = drain();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].queue_status().mesh_packet_id(), text.packet().id());
  EXPECT_EQ(answers[0].queue_status().res(), 0);
  send(text);
  EXPECT_TRUE(drain().empty());
}

TEST_F(RadioTest, RefusesAPayloadThatFitsNoFrame) {
  connect();
  send(packet_to(kBroadcast, mesh::TEXT_MESSAGE_APP, std::string(465, 'x')));
  const auto answers = drain();
  ASSERT_EQ(count(answers, Variant::kPacket), 1U);
  for (int i = 0; i < 200; ++i) heartbeat(2);
  EXPECT_LE(drain().size(), 64U);
}

TEST_F(RadioTest, LimitsTextsAndTraceroutes) {
  connect();
  const std::uint32_t other = world_.nodes()[world_.radio_nodes()[1]].num;
  send(packet_to(kBroadcast, mesh::TEXT_MESSAGE_APP, "one"));
  drain();
  send(packet_to(kBroadcast, mesh::TEXT_MESSAGE_APP, "two"));
  const auto refused = drain();
  ASSERT_EQ(count(refused, Variant::kPacket), 1U);
  mesh::Routing routing;
  const auto at = std::ranges::find_if(refused, [](const auto& m) { return m.has_packet(); });
  ASSERT_TRUE(routing.ParseFromString(at->packet().decoded().payload()));
  EXPECT_EQ(routing.error_reason(), mesh::Routing::RATE_LIMIT_EXCEEDED);
  now_ += 2s;
  send(packet_to(kBroadcast, mesh::TEXT_MESSAGE_APP, "three"));
  EXPECT_EQ(variants(drain()), std::vector{Variant::kQueueStatus});

  send(packet_to(other, mesh::TRACEROUTE_APP, ""));
  EXPECT_EQ(count(drain(), Variant::kClientNotification), 0U);
  now_ += 29s;
  send(packet_to(other, mesh::TRACEROUTE_APP, ""));
  EXPECT_EQ(count(drain(), Variant::kClientNotification), 1U);
  now_ += 1s;
  send(packet_to(other, mesh::TRACEROUTE_APP, ""));
  EXPECT_EQ(count(drain(), Variant::kClientNotification), 0U);
}

TEST_F(RadioTest, ADirectMessageToAnUnknownNodeFails) {
  connect();
  send(packet_to(0x12345678, mesh::TEXT_MESSAGE_APP, "nobody there"));
  const auto answers = drain();
  ASSERT_EQ(variants(answers), (std::vector{Variant::kQueueStatus, Variant::kPacket}));
  EXPECT_EQ(answers[0].queue_status().res(), mesh::Routing::PKI_SEND_FAIL_PUBLIC_KEY);
  EXPECT_EQ(answers[1].packet().from(), radio_.node().num);
  EXPECT_EQ(answers[1].packet().to(), radio_.node().num);
}

TEST_F(RadioTest, ABroadcastThatIsRelayedIsAcknowledgedByTheRadioItself) {
  connect();
  auto text = packet_to(kBroadcast, mesh::TEXT_MESSAGE_APP, "hi all");
  text.mutable_packet()->set_want_ack(true);
  send(text);
  drain();
  const auto sent = world_.next_answer();
  ASSERT_TRUE(sent.has_value());
  EXPECT_EQ(sent->packet.id, text.packet().id());
  radio_.sent(*sent);
  const auto messages = drain();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].packet().decoded().request_id(), text.packet().id());
  mesh::Routing routing;
  ASSERT_TRUE(routing.ParseFromString(messages[0].packet().decoded().payload()));
  EXPECT_EQ(routing.error_reason(), sent->relay_heard_by_origin ? mesh::Routing::NONE : mesh::Routing::MAX_RETRANSMIT);
}

TEST_F(RadioTest, HeartbeatWithNonceOneSendsNodeInfoInsteadOfAnAnswer) {
  connect();
  heartbeat(1);
  EXPECT_TRUE(drain().empty());
  const auto sent = world_.next_answer();
  ASSERT_TRUE(sent.has_value());
  EXPECT_EQ(sent->packet.data.portnum(), mesh::NODEINFO_APP);
  EXPECT_EQ(sent->packet.from, radio_.node().num);
}

TEST_F(RadioTest, ClosesWhenAskedOrAfterFifteenSilentMinutes) {
  EXPECT_FALSE(radio_.close_wanted(now_ + 14min + 59s));
  EXPECT_TRUE(radio_.close_wanted(now_ + 15min));
  now_ += 14min;
  heartbeat(0);
  EXPECT_FALSE(radio_.close_wanted(now_ + 14min));
  mesh::ToRadio goodbye;
  goodbye.set_disconnect(true);
  send(goodbye);
  EXPECT_TRUE(radio_.close_wanted(now_));
}

TEST_F(RadioTest, ForgetsTheSessionWhenItReboots) {
  connect();
  EXPECT_TRUE(radio_.session_ready());
  EXPECT_TRUE(radio_.speaks_protobuf());
  radio_.reboot();
  EXPECT_FALSE(radio_.session_ready());
  EXPECT_FALSE(radio_.speaks_protobuf());
  want_config(3);
  EXPECT_EQ(drain()[0].my_info().reboot_count(), 2U);
}

TEST_F(RadioTest, IgnoresBytesThatAreNoMessage) {
  radio_.receive("\x0A\x7F\x01", now_);
  radio_.receive("", now_);
  EXPECT_TRUE(drain().empty());
}

}  // namespace
}  // namespace mmm::sim
