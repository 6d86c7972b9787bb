#include "perf/sim/mesh/world.h"

#include "core/base/encoding.h"
#include "core/mesh/decrypt.h"
#include "perf/sim/mesh/names.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace mmm::sim {
namespace {

constexpr std::int64_t kStartUs = 1'795'492'800'000'000;

WorldOptions options_with(std::uint64_t seed, std::size_t nodes = 60) {
  return {.population = {.seed = seed, .nodes = nodes, .start_us = kStartUs}, .radios = 3, .mean_gap_us = 1000};
}

// Everything of a transmission that a radio could tell apart.
std::string fingerprint(const Transmission& transmission) {
  const AirPacket& air = transmission.packet;
  std::string out = fmt::format("{} {} {} {} {} {}", air.from, air.to, air.id, air.hop_start, transmission.sent_us,
                                to_hex(air.data.SerializeAsString() + air.ciphertext));
  for (const HeardPacket& heard : transmission.heard) {
    out += fmt::format(" | {} {} {} {} {}", heard.radio, heard.reception.hop_limit, heard.reception.snr,
                       heard.reception.rssi, heard.relay_byte);
  }
  return out;
}

std::vector<std::string> fingerprints(World& world, std::size_t count) {
  std::vector<std::string> out;
  while (out.size() < count) out.push_back(fingerprint(world.next()));
  return out;
}

TEST(World, SameSeedSameMeshAndPackets) {
  World first(options_with(7));
  World second(options_with(7));
  ASSERT_EQ(first.radio_nodes(), second.radio_nodes());
  EXPECT_EQ(fingerprints(first, 500), fingerprints(second, 500));
}

TEST(World, AnotherSeedIsAnotherMesh) {
  World first(options_with(7));
  World second(options_with(8));
  EXPECT_NE(first.nodes()[0].num, second.nodes()[0].num);
  EXPECT_NE(fingerprints(first, 5), fingerprints(second, 5));
}

TEST(World, WhatClientsSendDoesNotChangeWhatTheMeshSends) {
  World quiet(options_with(7));
  World busy(options_with(7));
  AirPacket text;
  text.origin = busy.radio_nodes()[0];
  text.from = busy.nodes()[text.origin].num;
  text.to = kBroadcast;
  text.id = 4711;
  text.data.set_portnum(mesh::TEXT_MESSAGE_APP);
  for (int i = 0; i < 50; ++i) {
    busy.send(text);
    while (busy.next_answer()) {
    }
    ASSERT_EQ(fingerprint(quiet.next()), fingerprint(busy.next()));
  }
}

TEST(World, AnIntroductionTellsWhoAndWhereANodeIs) {
  World world(options_with(7));
  const std::int64_t before_us = world.now_us();
  for (std::size_t i = 0; i < world.nodes().size(); ++i) {
    const auto sent = world.introduce(i);
    ASSERT_EQ(sent.size(), world.nodes()[i].shares_position ? 2U : 1U);
    EXPECT_EQ(sent[0].packet.data.portnum(), mesh::NODEINFO_APP);
    EXPECT_EQ(sent[0].packet.from, world.nodes()[i].num);
    if (sent.size() == 1) continue;
    EXPECT_EQ(sent[1].packet.data.portnum(), mesh::POSITION_APP);
    EXPECT_NE(sent[1].packet.id, sent[0].packet.id);
  }
  EXPECT_EQ(world.now_us(), before_us);
}

TEST(World, ALargerMeshBeginsWithTheSameNodes) {
  World small(options_with(3, 20));
  World large(options_with(3, 40));
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(small.nodes()[i].num, large.nodes()[i].num);
}

TEST(World, StartedLaterItSendsOtherPacketIds) {
  World first(options_with(7));
  WorldOptions later = options_with(7);
  later.population.start_us += 3'600'000'000;
  World second(later);
  EXPECT_EQ(first.nodes()[0].num, second.nodes()[0].num);
  std::set<std::uint64_t> ids;
  for (int i = 0; i < 500; ++i) {
    for (World* world : {&first, &second}) {
      const Transmission t = world->next();
      EXPECT_TRUE(ids.insert((static_cast<std::uint64_t>(t.packet.from) << 32U) | t.packet.id).second);
    }
  }
}

TEST(World, RadiosHearEachPacketOnceWithHopsAndRelayThatFit) {
  World world(options_with(1));
  std::set<int> hops_seen;
  std::size_t receptions = 0;
  for (int i = 0; i < 2000; ++i) {
    const Transmission t = world.next();
    std::set<std::size_t> radios;
    for (const HeardPacket& heard : t.heard) {
      ++receptions;
      EXPECT_TRUE(radios.insert(heard.radio).second);
      const Reception& reception = heard.reception;
      EXPECT_NE(reception.node, t.packet.origin);
      ASSERT_LE(reception.hop_limit, t.packet.hop_start);
      const int hops = t.packet.hop_start - reception.hop_limit;
      hops_seen.insert(hops);
      EXPECT_EQ(hops == 0, reception.sender == t.packet.origin);
      EXPECT_EQ(heard.relay_byte, world.nodes()[reception.sender].num & 0xFFU);
      EXPECT_FALSE(world.nodes()[reception.sender].role == Role::kClientMute && hops > 0);
      EXPECT_GE(reception.snr, kSnrDecodableDb - 0.25F);
      EXPECT_LE(reception.snr, kSnrReportedMaxDb);
      EXPECT_LT(reception.rssi, 0);
    }
  }
  EXPECT_GT(receptions, 2000U);
  EXPECT_TRUE(hops_seen.contains(0) && hops_seen.contains(1) && hops_seen.contains(2));
}

TEST(World, AFewThousandPacketsHaveEveryKind) {
  World world(options_with(1));
  std::set<int> ports;
  std::set<AirChannel> channels;
  bool reply = false;
  bool tapback = false;
  bool via_mqtt = false;
  bool malformed = false;
  bool simulator_copy = false;
  bool no_bitfield = false;
  std::set<TraceRole> traces;
  for (int i = 0; i < 6000; ++i) {
    const AirPacket air = world.next().packet;
    ports.insert(air.data.portnum());
    channels.insert(air.channel);
    traces.insert(air.trace);
    reply |= air.data.reply_id() != 0 && air.data.emoji() == 0;
    tapback |= air.data.emoji() != 0;
    via_mqtt |= air.via_mqtt;
    malformed |= air.malformed;
    simulator_copy |= air.simulator_copy;
    no_bitfield |= !air.data.has_bitfield();
    EXPECT_NE(air.id, 0U);
    EXPECT_LE(air.data.payload().size(), 233U);
    // What has neither a bitfield nor hops is taken for ancient firmware and dropped.
    EXPECT_TRUE(air.data.has_bitfield() || air.hop_start > 0);
  }
  for (const int port : {1, 3, 4, 5, 8, 10, 11, 34, 36, 65, 66, 67, 70, 71, 99, 256})
    EXPECT_TRUE(ports.contains(port)) << port;
  EXPECT_EQ(channels.size(), 5U);
  EXPECT_EQ(traces.size(), 3U);
  EXPECT_TRUE(reply && tapback && via_mqtt && malformed && simulator_copy && no_bitfield);
}

TEST(World, OthersCanReadAForeignChannelWithTheDefaultKey) {
  World world(options_with(1));
  mesh::Keyring keyring;
  keyring.add_default_channels();
  int read = 0;
  for (int i = 0; i < 2000; ++i) {
    const AirPacket air = world.next().packet;
    if (air.channel != AirChannel::kForeignDefaultKey && air.channel != AirChannel::kForeignPrivate) continue;
    const auto decrypted = keyring.decrypt(air.from, air.id, channel_info(air.channel).hash, air.ciphertext);
    if (air.channel == AirChannel::kForeignPrivate) continue;
    ASSERT_TRUE(decrypted.has_value());
    EXPECT_EQ(decrypted->plaintext, air.data.SerializeAsString());
    ++read;
  }
  EXPECT_GT(read, 10);
}

TEST(World, AnswersWhatAClientAsksOfANode) {
  World world(options_with(1));
  const std::size_t own = world.radio_nodes()[0];
  int acks = 0;
  int routes = 0;
  for (std::size_t i = 0; i < world.nodes().size(); ++i) {
    if (i == own) continue;
    for (const bool trace : {false, true}) {
      AirPacket packet;
      packet.origin = own;
      packet.from = world.nodes()[own].num;
      packet.to = world.nodes()[i].num;
      packet.id = world.next_packet_id(own);
      packet.hop_start = 7;
      packet.want_ack = true;
      packet.data.set_portnum(trace ? mesh::TRACEROUTE_APP : mesh::TEXT_MESSAGE_APP);
      packet.trace = trace ? TraceRole::kRequest : TraceRole::kNone;
      world.send(packet);
      ASSERT_TRUE(world.next_answer().has_value());
      const auto answer = world.next_answer();
      if (!answer) continue;
      EXPECT_EQ(answer->packet.from, packet.to);
      EXPECT_EQ(answer->packet.to, packet.from);
      EXPECT_EQ(answer->packet.data.request_id(), packet.id);
      if (!trace) {
        ++acks;
        continue;
      }
      ++routes;
      mesh::RouteDiscovery route;
      ASSERT_TRUE(route.ParseFromString(answer->packet.data.payload()));
      EXPECT_EQ(route.snr_towards_size(), route.route_size() + 1);
      // The reply itself is acknowledged, and that ends it.
      while (world.next_answer()) {
      }
    }
  }
  EXPECT_GT(acks, 20);
  EXPECT_GT(routes, 20);
}

TEST(Geo, PrecisionGivesTheCentreOfTheCell) {
  // As a radio running firmware 2.8 was seen to do.
  EXPECT_EQ(with_precision(523'456'789, 13), 523'501'568);
  EXPECT_EQ(with_precision(523'456'789, 32), 523'456'789);
}

TEST(Names, SomeAreHostile) {
  Random random(1);
  bool markup = false;
  bool invalid = false;
  bool right_to_left = false;
  for (std::size_t i = 0; i < 60; ++i) {
    const NodeName name = make_node_name(i, random);
    EXPECT_LE(name.long_name.size(), 39U);
    EXPECT_LE(name.short_name.size(), 4U);
    markup |= name.long_name.find("<img") != std::string::npos;
    invalid |= !is_valid_utf8(name.long_name);
    right_to_left |= name.long_name.find("\xE2\x80\xAE") != std::string::npos;
  }
  EXPECT_TRUE(markup && invalid && right_to_left);
}

}  // namespace
}  // namespace mmm::sim
