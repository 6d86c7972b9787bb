// What recordings of real firmware hold, against what is known of them: order and number of the configuration's
// messages, replayed data, copies for simulated radios, a traceroute, failures. tests/fixtures/captures/README.md
// describes them.

#include "tests/unit/mesh/capture.h"

#include "core/mesh/decode.h"
#include "core/mesh/frame_codec.h"
#include "core/mesh/packet.h"
#include "core/mesh/radio_profile.h"
#include "core/mesh/summary.h"

#include <gtest/gtest.h>

#include <map>

namespace mmm::mesh {
namespace {

constexpr NodeNum kAlpha = 0x6881850E;
constexpr NodeNum kBravo = 0x9B1D8094;
// The configuration dump's messages, the first packets after them.
constexpr std::size_t kDumpFrames = 48;

std::map<FromRadio::PayloadVariantCase, int> count_variants(const std::vector<FromRadio>& messages) {
  std::map<FromRadio::PayloadVariantCase, int> counts;
  for (const FromRadio& message : messages) ++counts[message.payload_variant_case()];
  return counts;
}

std::vector<Packet> packets_of(const std::vector<FromRadio>& messages, NodeNum own) {
  std::vector<Packet> packets;
  for (const FromRadio& message : messages) {
    if (message.has_packet()) packets.push_back(view_packet(message.packet(), own));
  }
  return packets;
}

TEST(Capture, HoldsFramesAndNothingElse) {
  for (const char* name : {"hs_full_A.d2c.bin", "mesh2_A.d2c.bin", "mesh2_B.d2c.bin"}) {
    FrameDecoder decoder;
    const std::string bytes = test::read_capture(name);
    ASSERT_EQ(decoder.push(bytes), bytes.size());
    while (decoder.next()) {
    }
    EXPECT_EQ(decoder.stats().frame_bytes, bytes.size()) << name;
    EXPECT_EQ(decoder.stats().resyncs, 0U) << name;
  }
}

TEST(Capture, ClientSendsWakeBytesThenWhatItWants) {
  const std::string bytes = test::read_capture("hs_full_A.c2d.bin");
  FrameDecoder decoder;
  ASSERT_EQ(decoder.push(bytes), bytes.size());
  std::vector<ToRadio::PayloadVariantCase> variants;
  while (const auto frame = decoder.next()) {
    ToRadio message;
    ASSERT_TRUE(message.ParseFromString(std::string(*frame)));
    if (message.has_want_config_id()) EXPECT_EQ(message.want_config_id(), 305419896U);
    variants.push_back(message.payload_variant_case());
  }
  EXPECT_EQ(variants, (std::vector{ToRadio::kWantConfigId, ToRadio::kHeartbeat, ToRadio::kDisconnect}));
  EXPECT_EQ(decoder.stats().garbage_bytes, 32U);
  EXPECT_EQ(decoder.stats().resyncs, 1U);
  EXPECT_FALSE(decoder.text_lines().next());
}

TEST(Capture, ConfigurationComesWholeAndInOrder) {
  const auto messages = test::capture_messages("hs_full_A.d2c.bin");
  ASSERT_EQ(messages.size(), 52U);
  auto counts = count_variants({messages.begin(), messages.begin() + kDumpFrames});
  EXPECT_EQ(counts[FromRadio::kMyInfo], 1);
  EXPECT_EQ(counts[FromRadio::kDeviceUiConfig], 1);
  EXPECT_EQ(counts[FromRadio::kMetadata], 1);
  EXPECT_EQ(counts[FromRadio::kRegionPresets], 1);
  EXPECT_EQ(counts[FromRadio::kChannel], 8);
  EXPECT_EQ(counts[FromRadio::kConfig], 10);
  EXPECT_EQ(counts[FromRadio::kModuleConfig], 17);
  EXPECT_EQ(counts[FromRadio::kNodeInfo], 2);
  EXPECT_EQ(counts[FromRadio::kFileInfo], 6);
  EXPECT_EQ(messages.front().payload_variant_case(), FromRadio::kMyInfo);
  EXPECT_EQ(messages[kDumpFrames - 1].config_complete_id(), 305419896U);
  for (const FromRadio& message : messages) {
    EXPECT_NE(message.payload_variant_case(), FromRadio::PAYLOAD_VARIANT_NOT_SET);
    EXPECT_TRUE(message.GetReflection()->GetUnknownFields(message).empty());
  }
}

TEST(Capture, EveryModuleAndConfigurationIsKnown) {
  std::vector<int> configs;
  std::vector<int> modules;
  for (const FromRadio& message : test::capture_messages("hs_full_A.d2c.bin")) {
    if (message.has_config()) configs.push_back(message.config().payload_variant_case());
    if (message.has_module_config()) modules.push_back(message.module_config().payload_variant_case());
  }
  EXPECT_EQ(configs, (std::vector{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(modules, (std::vector{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}));
}

TEST(Capture, DataAfterTheConfigurationIsReplayed) {
  const auto messages = test::capture_messages("hs_full_A.d2c.bin");
  const auto packets = packets_of(messages, kAlpha);
  ASSERT_EQ(packets.size(), 3U);
  EXPECT_TRUE(packets[0].is_replay);
  EXPECT_EQ(packets[0].from, kBravo);
  EXPECT_EQ(packets[0].data->port, TELEMETRY_APP);
  EXPECT_TRUE(packets[1].is_replay);
  EXPECT_EQ(packets[1].data->port, NODE_STATUS_APP);
  EXPECT_FALSE(packets[2].is_replay);
  EXPECT_TRUE(packets[2].from_own_node);
}

TEST(Capture, NoPacketOfALiveMeshIsTakenForAReplay) {
  for (const auto& [name, own] : {std::pair{"mesh2_A.d2c.bin", kAlpha}, std::pair{"mesh2_B.d2c.bin", kBravo}}) {
    const auto messages = test::capture_messages(name);
    for (const Packet& packet : packets_of(messages, own)) EXPECT_FALSE(packet.is_replay) << name;
  }
}

TEST(Capture, CopiesForSimulatedRadiosAreTold) {
  const auto messages = test::capture_messages("mesh2_A.d2c.bin");
  const auto packets = packets_of(messages, kAlpha);
  ASSERT_EQ(packets.size(), 18U);
  int simulated = 0;
  for (const Packet& packet : packets) simulated += packet.is_simulated ? 1 : 0;
  EXPECT_EQ(simulated, 7);
  // A text and its copy have the same sender and id, so the copy must not reach the dedupe.
  EXPECT_EQ(packets[0].data->payload, "hello from bravo");
  EXPECT_EQ(packets[0].id, packets[1].id);
  EXPECT_EQ(packets[0].from, packets[1].from);
  EXPECT_TRUE(packets[1].is_simulated);
  EXPECT_EQ(packets[0].hops_away, 0U);
  EXPECT_EQ(packets[0].relay_node, kBravo & 0xFF);
}

TEST(Capture, EveryPayloadDecodesAsItsPortSays) {
  for (const auto& [name, own] : {std::pair{"mesh2_A.d2c.bin", kAlpha}, std::pair{"mesh2_B.d2c.bin", kBravo}}) {
    const auto messages = test::capture_messages(name);
    for (const Packet& packet : packets_of(messages, own)) {
      ASSERT_TRUE(packet.data);
      const Payload payload = decode_payload(packet.data->port, packet.data->payload);
      const auto* raw = std::get_if<RawPayload>(&payload);
      EXPECT_EQ(raw != nullptr, packet.data->port == PRIVATE_APP);
      if (raw != nullptr) EXPECT_EQ(raw->bytes.size(), 200U);
    }
  }
}

TEST(Capture, SummariesTellWhatHappened) {
  const auto messages = test::capture_messages("mesh2_A.d2c.bin");
  std::vector<std::string> lines;
  for (const Packet& packet : packets_of(messages, kAlpha)) {
    if (!packet.is_simulated)
      lines.push_back(summarize(packet, decode_payload(packet.data->port, packet.data->payload)));
  }
  EXPECT_EQ(lines, (std::vector<std::string>{
                       "hello from bravo",
                       "PKI_SEND_FAIL_PUBLIC_KEY for fc6b67fc",
                       "external power, channel 1.7 %, sending 0.0 %",
                       "0 nodes online of 2, 0 packets received (0 bad), 2 sent, channel 1.7 %",
                       "position withheld",
                       "route !6881850e → !9b1d8094 (0.00 dB); back !9b1d8094 → !6881850e (0.00 dB)",
                       "waypoint Camp, 52.30000, 13.10000, Test wp",
                       "!9b1d8094, without a name",
                       "200 bytes",
                       "PKI_SEND_FAIL_PUBLIC_KEY for 5efb87ff",
                       "external power, channel 5.7 %, sending 0.1 %",
                   }));
}

TEST(Capture, ProfileTellsTheRadioWithoutItsSecrets) {
  RadioProfile profile;
  for (const FromRadio& message : test::capture_messages("hs_full_A.d2c.bin")) profile.apply(message);
  EXPECT_EQ(profile.node(), kAlpha);
  EXPECT_EQ(profile.device_id().size(), 16U);
  EXPECT_EQ(profile.firmware_version(), "2.8.0.7754068");
  EXPECT_EQ(profile.hw_model(), PORTDUINO);
  EXPECT_EQ(profile.role(), Config::DeviceConfig::CLIENT);
  EXPECT_EQ(profile.region(), Config::LoRaConfig::EU_868);
  EXPECT_EQ(profile.modem_preset(), Config::LoRaConfig::LONG_FAST);
  EXPECT_EQ(profile.hop_limit(), 3U);
  const ChannelSummary primary{.index = 0, .name = "LongFast", .hash = 8, .role = Channel::PRIMARY};
  EXPECT_EQ(profile.channels(), std::vector{primary});
}

}  // namespace
}  // namespace mmm::mesh
