#include "core/mesh/admin.pb.h"
#include "core/mesh/packet.h"
#include "core/mesh/replay.h"
#include "perf/sim/radio/config_dump.h"
#include "tests/unit/sim/radio_fixture.h"

#include <set>

namespace mmm::sim {
namespace {

TEST_F(RadioTest, SaysNothingBeforeWantConfigButAnswersHeartbeats) {
  const auto [transmission, heard] = heard_where([](const AirPacket& p) { return p.to == kBroadcast; });
  radio_.hear(transmission, heard);
  EXPECT_TRUE(drain().empty());
  heartbeat(0);
  EXPECT_EQ(variants(drain()), std::vector{Variant::kQueueStatus});
}

TEST_F(RadioTest, DumpsTheConfigurationInTheOrderOfTheFirmware) {
  want_config(0xDEADBEEF);
  auto messages = drain();
  std::vector<Variant> order = variants(messages);
  const auto complete = std::ranges::find(order, Variant::kConfigCompleteId);
  ASSERT_NE(complete, order.end());
  EXPECT_EQ(messages[static_cast<std::size_t>(complete - order.begin())].config_complete_id(), 0xDEADBEEF);
  // After it the replay and nothing else.
  EXPECT_TRUE(std::all_of(complete + 1, order.end(), [](Variant v) { return v == Variant::kPacket; }));
  order.erase(complete, order.end());
  order.erase(std::unique(order.begin(), order.end()), order.end());
  const std::vector expected = {
      Variant::kMyInfo,  Variant::kDeviceUiConfig, Variant::kNodeInfo,     Variant::kMetadata, Variant::kRegionPresets,
      Variant::kChannel, Variant::kConfig,         Variant::kModuleConfig, Variant::kNodeInfo, Variant::kFileInfo};
  EXPECT_EQ(order, expected);
  EXPECT_EQ(count(messages, Variant::kChannel), 8U);
  EXPECT_EQ(count(messages, Variant::kConfig), 10U);
  EXPECT_EQ(count(messages, Variant::kModuleConfig), 17U);
  EXPECT_EQ(messages[0].my_info().my_node_num(), radio_.node().num);
  EXPECT_EQ(messages[0].my_info().nodedb_count(), count(messages, Variant::kNodeInfo));
  EXPECT_EQ(messages[2].node_info().num(), radio_.node().num);
  EXPECT_TRUE(messages[2].node_info().is_favorite());
  EXPECT_TRUE(messages[2].node_info().has_position());
}

TEST_F(RadioTest, TheDumpHoldsEverySecret) {
  want_config(1);
  std::string all;
  for (const auto& message : drain()) all += message.SerializeAsString();
  for (const NamedSecret& secret : list_secrets(radio_.secrets())) {
    if (secret.name == "bluetooth_pin") continue;  // a number
    EXPECT_NE(all.find(secret.bytes), std::string::npos) << secret.name;
  }
}

TEST_F(RadioTest, SpecialNoncesGiveAHalfEach) {
  want_config(kNonceOnlyConfig);
  const auto config = drain();
  EXPECT_EQ(count(config, Variant::kNodeInfo), 1U);
  EXPECT_EQ(count(config, Variant::kPacket), 0U);
  EXPECT_EQ(config.back().config_complete_id(), kNonceOnlyConfig);
  want_config(kNonceOnlyNodes);
  const auto nodes = drain();
  EXPECT_EQ(count(nodes, Variant::kMyInfo), 0U);
  EXPECT_EQ(count(nodes, Variant::kChannel), 0U);
  EXPECT_GT(count(nodes, Variant::kNodeInfo), 10U);
  EXPECT_GT(count(nodes, Variant::kPacket), 10U);
}

TEST_F(RadioTest, ReplayIsToldFromHeardPacketsAndIsTheSameEachTime) {
  const auto replay = [this] {
    want_config(5);
    std::vector<mesh::MeshPacket> packets;
    for (const auto& message : drain()) {
      if (message.has_packet()) packets.push_back(message.packet());
    }
    return packets;
  };
  const auto first = replay();
  ASSERT_GT(first.size(), 20U);
  bool from_zero = false;
  std::set<std::pair<std::uint32_t, std::uint32_t>> ids;
  for (const auto& packet : first) {
    EXPECT_TRUE(mesh::is_replay(packet));
    EXPECT_TRUE(ids.emplace(packet.from(), packet.id()).second);
    from_zero |= packet.from() == 0;
  }
  EXPECT_TRUE(from_zero);
  const auto again = replay();
  ASSERT_EQ(again.size(), first.size());
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].id(), again[i].id());
}

TEST_F(RadioTest, AHeardPacketShowsItsReception) {
  connect();
  const auto [transmission, heard] = heard_where([](const AirPacket& p) {
    return p.to == kBroadcast && p.channel == AirChannel::kLongFast && p.hop_start > 0 && !p.simulator_copy;
  });
  radio_.hear(transmission, heard);
  const auto messages = drain();
  const auto packet = std::ranges::find_if(messages, [](const auto& m) { return m.has_packet(); })->packet();
  EXPECT_EQ(packet.from(), transmission.packet.from);
  EXPECT_EQ(packet.id(), transmission.packet.id);
  EXPECT_EQ(packet.decoded().SerializeAsString(), transmission.packet.data.SerializeAsString());
  EXPECT_EQ(packet.rx_snr(), heard.reception.snr);
  EXPECT_EQ(packet.rx_rssi(), heard.reception.rssi);
  EXPECT_EQ(packet.hop_limit(), heard.reception.hop_limit);
  EXPECT_EQ(packet.relay_node(), heard.relay_byte);
  EXPECT_EQ(packet.rx_time(), (transmission.sent_us + heard.reception.delay_us) / 1'000'000);
  EXPECT_FALSE(mesh::is_replay(packet));
}

TEST_F(RadioTest, ASimulatorCopyComesFirstUnderTheSameId) {
  connect();
  const auto [transmission, heard] = heard_where([](const AirPacket& p) { return p.simulator_copy; });
  radio_.hear(transmission, heard);
  std::vector<mesh::MeshPacket> packets;
  for (const auto& message : drain()) {
    if (message.has_packet()) packets.push_back(message.packet());
  }
  ASSERT_EQ(packets.size(), 2U);
  EXPECT_EQ(packets[0].decoded().portnum(), mesh::SIMULATOR_APP);
  EXPECT_EQ(packets[0].id(), packets[1].id());
  mesh::Compressed wrapped;
  ASSERT_TRUE(wrapped.ParseFromString(packets[0].decoded().payload()));
  EXPECT_EQ(wrapped.data(), packets[1].decoded().payload());
}

TEST_F(RadioTest, DirectMessagesToOthersStayOutAndThoseToItAreDecrypted) {
  connect();
  const auto [mine, heard] =
      heard_where([this](const AirPacket& p) { return p.channel == AirChannel::kDirect && p.to == radio_.node().num; });
  Transmission other = mine;
  other.packet.to = world_.nodes()[world_.radio_nodes()[1]].num;
  radio_.hear(other, heard);
  EXPECT_EQ(count(drain(), Variant::kPacket), 0U);
  // The sender's key becomes known with its NodeInfo; before that the message stays ciphertext.
  Transmission announcement = mine;
  mesh::User user;
  user.set_public_key(world_.nodes()[mine.packet.origin].keys.public_key);
  announcement.packet.channel = AirChannel::kLongFast;
  announcement.packet.to = kBroadcast;
  announcement.packet.data.set_portnum(mesh::NODEINFO_APP);
  announcement.packet.data.set_payload(mesh::User().SerializeAsString());
  for (const bool known : {false, true}) {
    if (known) announcement.packet.data.set_payload(user.SerializeAsString());
    radio_.hear(announcement, heard);
    drain();
    radio_.hear(mine, heard);
    const auto messages = drain();
    const auto packet = std::ranges::find_if(messages, [](const auto& m) { return m.has_packet(); })->packet();
    EXPECT_EQ(packet.channel(), 0U);
    EXPECT_EQ(packet.pki_encrypted(), known);
    EXPECT_EQ(packet.has_encrypted(), !known);
    if (known) EXPECT_EQ(packet.decoded().payload(), mine.packet.data.payload());
  }
}

TEST_F(RadioTest, ForeignChannelsAreDeliveredAsCiphertextOrWithheld) {
  const auto [transmission, heard] =
      heard_where([](const AirPacket& p) { return p.channel == AirChannel::kForeignPrivate; });
  Radio strict(world_, {.index = 0, .seed = 1, .has_clock = true, .delivers_foreign = false});
  connect();
  radio_.hear(transmission, heard);
  const auto messages = drain();
  const auto packet = std::ranges::find_if(messages, [](const auto& m) { return m.has_packet(); })->packet();
  EXPECT_EQ(packet.encrypted(), transmission.packet.ciphertext);
  EXPECT_EQ(packet.channel(), channel_info(AirChannel::kForeignPrivate).hash);
  mesh::ToRadio request;
  request.set_want_config_id(kNonceOnlyConfig);
  strict.receive(request.SerializeAsString(), now_);
  while (strict.next_message()) {
  }
  strict.hear(transmission, heard);
  while (const auto out = strict.next_message()) EXPECT_FALSE(out->is_packet);
}

TEST_F(RadioTest, TraceroutesArriveWithTheWayTheyCame) {
  connect();
  const auto [transmission, heard] =
      heard_where([this](const AirPacket& p) { return p.trace == TraceRole::kReply && p.to == radio_.node().num; });
  radio_.hear(transmission, heard);
  const auto messages = drain();
  const auto packet = std::ranges::find_if(messages, [](const auto& m) { return m.has_packet(); })->packet();
  mesh::RouteDiscovery route;
  ASSERT_TRUE(route.ParseFromString(packet.decoded().payload()));
  EXPECT_EQ(route.snr_towards_size(), route.route_size() + 1);
  EXPECT_EQ(route.snr_back_size(), route.route_back_size() + 1);
  EXPECT_EQ(route.route_back_size(), static_cast<int>(packet.hop_start() - packet.hop_limit()));
}

TEST_F(RadioTest, SendsWithholdsOrRefusesWhatItsClientSendsAsItIsTold) {
  const auto give = [&](ClientPackets client_packets) {
    Radio radio(world_, {.index = 0, .seed = 1, .client_packets = client_packets});
    radio.client_attached(now_);
    mesh::ToRadio request;
    request.set_want_config_id(kNonceOnlyConfig);
    radio.receive(request.SerializeAsString(), now_);
    while (radio.next_message()) {
    }
    radio.receive(packet_to(world_.nodes()[5].num, mesh::TRACEROUTE_APP, {}).SerializeAsString(), now_);
    std::vector<mesh::FromRadio> messages;
    while (const auto out = radio.next_message()) EXPECT_TRUE(messages.emplace_back().ParseFromString(out->bytes));
    return messages;
  };
  const auto sent = give({});
  ASSERT_EQ(count(sent, Variant::kQueueStatus), 1U);
  EXPECT_EQ(sent.front().queue_status().res(), 0);
  EXPECT_TRUE(world_.next_answer());
  while (world_.next_answer()) {
  }
  const auto withheld = give({.withheld = true, .refusal = {}});
  ASSERT_EQ(withheld.size(), 1U);
  EXPECT_EQ(withheld.front().queue_status().res(), 0);
  const auto refused = give({.withheld = false, .refusal = mesh::Routing::DUTY_CYCLE_LIMIT});
  ASSERT_EQ(refused.size(), 2U);
  EXPECT_EQ(refused.front().queue_status().res(), mesh::Routing::DUTY_CYCLE_LIMIT);
  mesh::Routing routing;
  ASSERT_TRUE(routing.ParseFromString(refused.back().packet().decoded().payload()));
  EXPECT_EQ(routing.error_reason(), mesh::Routing::DUTY_CYCLE_LIMIT);
  EXPECT_FALSE(world_.next_answer());
}

TEST_F(RadioTest, KeepsThirtyTwoPacketsForTheNextClientAndPrefersTexts) {
  const auto hear_port = [this](mesh::PortNum port) {
    const auto [transmission, heard] = heard_where([port](const AirPacket& p) {
      return p.data.portnum() == port && p.to == kBroadcast && p.channel == AirChannel::kLongFast && !p.simulator_copy;
    });
    radio_.hear(transmission, heard);
    return transmission.packet.id;
  };
  const auto first = hear_port(mesh::POSITION_APP);
  for (int i = 1; i < 32; ++i) hear_port(mesh::POSITION_APP);
  EXPECT_EQ(radio_.dropped_packets(), 0U);
  hear_port(mesh::POSITION_APP);
  const auto text = hear_port(mesh::TEXT_MESSAGE_APP);
  EXPECT_EQ(radio_.dropped_packets(), 2U);
  want_config(9);
  std::vector<std::uint32_t> live;
  for (const auto& message : drain()) {
    if (message.has_packet() && !mesh::is_replay(message.packet())) live.push_back(message.packet().id());
  }
  ASSERT_EQ(live.size(), 32U);
  EXPECT_NE(live.front(), first);
  EXPECT_EQ(live.back(), text);
}

TEST_F(RadioTest, SendsItsOwnTelemetryEachMinuteAsAnInternalPacket) {
  connect();
  radio_.advance(world_.now_us() + 59'000'000);
  EXPECT_TRUE(drain().empty());
  radio_.advance(world_.now_us() + 121'000'000);
  const auto messages = drain();
  ASSERT_EQ(messages.size(), 4U);
  for (const auto& message : messages) {
    const auto packet = mesh::view_packet(message.packet(), radio_.node().num);
    EXPECT_TRUE(packet.from_own_node);
    EXPECT_FALSE(packet.is_replay);
    EXPECT_EQ(packet.transport, mesh::MeshPacket::TRANSPORT_INTERNAL);
    EXPECT_EQ(packet.hop_start, 0U);
  }
}

TEST_F(RadioTest, WithoutAClockPacketsHaveNoTimeUntilAClientSetsIt) {
  radio_.client_gone();
  Radio clockless(world_, {.index = 0, .seed = 1, .has_clock = false});
  mesh::ToRadio request;
  request.set_want_config_id(kNonceOnlyConfig);
  clockless.receive(request.SerializeAsString(), now_);
  const auto next_rx_time = [&] {
    clockless.advance(world_.now_us() + 60'000'000);
    std::optional<std::uint32_t> time;
    while (const auto out = clockless.next_message()) {
      mesh::FromRadio message;
      EXPECT_TRUE(message.ParseFromString(out->bytes));
      if (message.has_packet() && message.packet().has_rx_time()) time = message.packet().rx_time();
    }
    world_.next();
    return time;
  };
  EXPECT_EQ(next_rx_time(), std::nullopt);
  mesh::AdminMessage admin;
  admin.set_set_time_only(1);
  clockless.receive(packet_to(clockless.node().num, mesh::ADMIN_APP, admin.SerializeAsString()).SerializeAsString(),
                    now_);
  clockless.advance(world_.now_us() + 200'000'000);
  bool timed = false;
  while (const auto out = clockless.next_message()) {
    mesh::FromRadio message;
    EXPECT_TRUE(message.ParseFromString(out->bytes));
    timed |= message.packet().rx_time() != 0;
  }
  EXPECT_TRUE(timed);
}

}  // namespace
}  // namespace mmm::sim
