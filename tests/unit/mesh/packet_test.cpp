#include "core/mesh/packet.h"

#include "core/mesh/hops.h"
#include "core/mesh/replay.h"

#include <gtest/gtest.h>

namespace mmm::mesh {
namespace {

constexpr NodeNum kOwn = 0x11111111;
constexpr NodeNum kOther = 0x22222222;

MeshPacket heard_text() {
  MeshPacket packet;
  packet.set_from(kOther);
  packet.set_to(kBroadcast);
  packet.set_id(77);
  packet.set_channel(2);
  packet.set_rx_time(1'795'469'872);
  packet.set_rx_snr(-3.5F);
  packet.set_rx_rssi(-101);
  packet.set_hop_start(5);
  packet.set_hop_limit(3);
  packet.set_relay_node(0xAB);
  packet.set_transport_mechanism(MeshPacket::TRANSPORT_LORA);
  packet.mutable_decoded()->set_portnum(TEXT_MESSAGE_APP);
  packet.mutable_decoded()->set_payload("hi");
  packet.mutable_decoded()->set_bitfield(1);
  return packet;
}

TEST(HopsAway, IsTheDifferenceWhereTheSenderTellsIt) {
  EXPECT_EQ(hops_away(3, 3, false), 0U);
  EXPECT_EQ(hops_away(7, 2, false), 5U);
  EXPECT_EQ(hops_away(0, 0, true), 0U);
  EXPECT_EQ(hops_away(0, 0, false), std::nullopt);
  EXPECT_EQ(hops_away(2, 3, true), std::nullopt);
  EXPECT_EQ(hops_away(0, 3, true), std::nullopt);
}

TEST(ViewPacket, GivesTheFieldsOfAPacketHeardOnTheAir) {
  const MeshPacket packet = heard_text();
  const Packet view = view_packet(packet, kOwn);
  EXPECT_EQ(view.from, kOther);
  EXPECT_EQ(view.to, kBroadcast);
  EXPECT_EQ(view.id, 77U);
  EXPECT_EQ(view.channel, 2U);
  EXPECT_EQ(view.hops_away, 2U);
  EXPECT_EQ(view.rx_snr, -3.5F);
  EXPECT_EQ(view.rx_rssi, -101);
  EXPECT_EQ(view.relay_node, 0xABU);
  ASSERT_TRUE(view.data);
  EXPECT_EQ(view.data->port, TEXT_MESSAGE_APP);
  EXPECT_EQ(view.data->payload, "hi");
  EXPECT_EQ(view.data->bitfield, 1U);
  EXPECT_FALSE(view.data->is_reaction);
  EXPECT_TRUE(view.is_heard());
}

TEST(ViewPacket, SenderZeroIsTheAttachedRadio) {
  MeshPacket packet = heard_text();
  packet.set_from(0);
  EXPECT_EQ(view_packet(packet, kOwn).from, kOwn);
  EXPECT_TRUE(view_packet(packet, kOwn).from_own_node);
  EXPECT_FALSE(view_packet(packet, kOwn).is_heard());
  EXPECT_EQ(view_packet(packet, 0).from, 0U);
  EXPECT_TRUE(view_packet(packet, 0).from_own_node);
  packet.set_from(kOwn);
  EXPECT_TRUE(view_packet(packet, kOwn).from_own_node);
  packet.set_from(kOther);
  EXPECT_FALSE(view_packet(packet, 0).from_own_node);
}

TEST(ViewPacket, EncryptedPacketHasNoDataAndUnknownHopsWithoutHopStart) {
  MeshPacket packet = heard_text();
  packet.set_encrypted("cipher");
  packet.set_hop_start(0);
  packet.set_hop_limit(0);
  const Packet view = view_packet(packet, kOwn);
  EXPECT_FALSE(view.data);
  EXPECT_EQ(view.encrypted, "cipher");
  EXPECT_EQ(view.hops_away, std::nullopt);
  EXPECT_TRUE(view.is_heard());
}

TEST(ViewPacket, OnlyLoraHasASignal) {
  MeshPacket packet = heard_text();
  packet.set_rx_snr(0);
  EXPECT_EQ(view_packet(packet, kOwn).rx_snr, 0.0F);  // 0 dB is a measurement when it came over LoRa
  for (const auto transport : {MeshPacket::TRANSPORT_MQTT, MeshPacket::TRANSPORT_MULTICAST_UDP}) {
    packet.set_transport_mechanism(transport);
    const Packet view = view_packet(packet, kOwn);
    EXPECT_EQ(view.rx_snr, std::nullopt);
    EXPECT_EQ(view.rx_rssi, std::nullopt);
    EXPECT_FALSE(view.is_heard());
  }
}

TEST(ViewPacket, OldFirmwareWithoutTransportIsHeardWhenItHasASignal) {
  MeshPacket packet = heard_text();
  packet.set_transport_mechanism(MeshPacket::TRANSPORT_INTERNAL);
  EXPECT_TRUE(view_packet(packet, kOwn).is_heard());
  packet.clear_rx_rssi();
  packet.clear_rx_snr();
  EXPECT_FALSE(view_packet(packet, kOwn).is_heard());
}

TEST(ViewPacket, SimulatedCopyIsMarkedAndNotHeard) {
  MeshPacket packet = heard_text();
  packet.mutable_decoded()->set_portnum(SIMULATOR_APP);
  EXPECT_TRUE(view_packet(packet, kOwn).is_simulated);
  EXPECT_FALSE(view_packet(packet, kOwn).is_heard());
}

TEST(ViewPacket, ReactionsRepliesAndSignaturesAreTold) {
  MeshPacket packet = heard_text();
  packet.mutable_decoded()->set_emoji(1);
  packet.mutable_decoded()->set_reply_id(55);
  packet.mutable_decoded()->set_request_id(66);
  packet.mutable_decoded()->set_want_response(true);
  packet.mutable_decoded()->set_xeddsa_signature(std::string(64, 's'));
  const Packet view = view_packet(packet, kOwn);
  EXPECT_TRUE(view.data->is_reaction);
  EXPECT_EQ(view.data->reply_id, 55U);
  EXPECT_EQ(view.data->request_id, 66U);
  EXPECT_TRUE(view.data->want_response);
  EXPECT_TRUE(view.data->is_signed);
}

TEST(Replay, IsToldByWhatNoHeardPacketLacks) {
  MeshPacket replay = heard_text();
  replay.set_relay_node(0);
  replay.set_priority(MeshPacket::BACKGROUND);
  replay.clear_rx_rssi();
  replay.mutable_decoded()->set_portnum(POSITION_APP);
  replay.mutable_decoded()->clear_bitfield();
  EXPECT_TRUE(is_replay(replay));
  EXPECT_FALSE(view_packet(replay, kOwn).is_heard());

  // Each sign alone makes it a real one.
  auto with = [&replay](auto change) {
    MeshPacket packet = replay;
    change(packet);
    return is_replay(packet);
  };
  EXPECT_FALSE(with([](MeshPacket& p) { p.set_relay_node(1); }));
  EXPECT_FALSE(with([](MeshPacket& p) { p.set_priority(MeshPacket::DEFAULT); }));
  EXPECT_FALSE(with([](MeshPacket& p) { p.set_rx_rssi(-90); }));
  EXPECT_FALSE(with([](MeshPacket& p) { p.mutable_decoded()->set_bitfield(0); }));
  EXPECT_FALSE(with([](MeshPacket& p) { p.set_transport_mechanism(MeshPacket::TRANSPORT_INTERNAL); }));
  EXPECT_FALSE(with([](MeshPacket& p) { p.set_encrypted("x"); }));
}

TEST(Replay, IdIsTheOneThatRadiosGive) {
  // Two replayed packets of a recording, of device metrics and of a status.
  EXPECT_EQ(replay_id(2602401940, 1795469872, ReplayKind::kDeviceMetrics), 1482918726U);
  EXPECT_EQ(replay_id(2602401940, 1795469872, ReplayKind::kStatus), 1482918760U);
}

}  // namespace
}  // namespace mmm::mesh
