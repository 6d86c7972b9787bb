#include "core/mesh/summary.h"

#include "core/base/encoding.h"
#include "tests/support/random_message.h"

#include <gtest/gtest.h>

namespace mmm::mesh {
namespace {

constexpr NodeNum kMe = 0x11111111;
constexpr NodeNum kThem = 0x22222222;

std::string summary(const Payload& payload, std::uint32_t request_id = 0, std::uint32_t port = 0) {
  Packet packet;
  packet.from = kThem;
  packet.to = kMe;
  packet.data.emplace();
  packet.data->port = port;
  packet.data->request_id = request_id;
  return summarize(packet, payload);
}

TEST(Summary, OfDeviceMetrics) {
  Telemetry telemetry;
  auto& metrics = *telemetry.mutable_device_metrics();
  metrics.set_battery_level(87);
  metrics.set_voltage(4.051F);
  EXPECT_EQ(summary(telemetry), "battery 87 %, 4.05 V");
  metrics.set_battery_level(101);
  EXPECT_EQ(summary(telemetry), "external power, 4.05 V");
  EXPECT_EQ(summary(Telemetry()), "telemetry of an unknown kind");
}

TEST(Summary, OfPlacesWithTheirUncertainty) {
  Position position;
  position.set_latitude_i(481371000);
  position.set_longitude_i(115754000);
  position.set_precision_bits(16);
  EXPECT_EQ(summary(position), "48.1371, 11.5754 ±364 m");
  position.set_precision_bits(13);
  EXPECT_EQ(summary(position), "48.137, 11.575 ±2.9 km");
  position.set_precision_bits(32);
  position.set_altitude(520);
  position.set_ground_speed(12);
  EXPECT_EQ(summary(position), "48.13710, 11.57540, 520 m high, 12 km/h");
  EXPECT_EQ(summary(Position()), "position withheld");
}

TEST(Summary, OfTextIsTheTextOnOneLine) {
  EXPECT_EQ(summary(TextPayload{"two\nlines\x07 and \xFF"}), "two lines  and \xEF\xBF\xBD");
}

TEST(Summary, OfAcknowledgementsNamesThePacket) {
  Routing routing;
  routing.set_error_reason(Routing::NONE);
  EXPECT_EQ(summary(routing, 0x1234ABCD), "ack for 1234abcd");
  routing.set_error_reason(Routing::MAX_RETRANSMIT);
  EXPECT_EQ(summary(routing, 0x1234ABCD), "MAX_RETRANSMIT for 1234abcd");
}

TEST(Summary, OfTracerouteIsThePathWithTheSignalOfEachLink) {
  RouteDiscovery route;
  route.add_route(0xA);
  route.add_route(kBroadcast);
  EXPECT_EQ(summary(route), "traceroute to !11111111, so far over !0000000a, ?");
  for (const int snr : {21, -128, -14}) route.add_snr_towards(snr);
  route.add_route_back(0xB);
  for (const int snr : {4, 8}) route.add_snr_back(snr);
  EXPECT_EQ(summary(route, 7),
            "route !11111111 → !0000000a (5.25 dB) → ? → !22222222 (-3.50 dB); "
            "back !22222222 → !0000000b (1.00 dB) → !11111111 (2.00 dB)");
}

TEST(Summary, OfNeighbours) {
  NeighborInfo info;
  EXPECT_EQ(summary(info), "0 neighbours");
  info.add_neighbors()->set_node_id(0xA);
  info.mutable_neighbors(0)->set_snr(5.25F);
  EXPECT_EQ(summary(info), "1 neighbour: !0000000a 5.25 dB");
  info.add_neighbors()->set_node_id(0xB);
  EXPECT_EQ(summary(info), "2 neighbours: !0000000a 5.25 dB, !0000000b 0.00 dB");
}

TEST(Summary, OfNodesBytesAndCiphertext) {
  User user;
  user.set_long_name("Bravo Node");
  user.set_short_name("BBB");
  user.set_hw_model(HELTEC_V3);
  EXPECT_EQ(summary(user), "Bravo Node (BBB), HELTEC_V3, CLIENT");
  EXPECT_EQ(summary(RawPayload{"xyz", RawReason::kMalformed}, 0, TELEMETRY_APP),
            "3 bytes that are not what TELEMETRY_APP carries");
  Packet packet;
  packet.encrypted = "12345";
  packet.channel = 8;
  EXPECT_EQ(summarize(packet, RawPayload{}), "encrypted, 5 bytes, channel hash 8");
}

TEST(Summary, StaysWithinItsLengthAndBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "ü";
  for (std::size_t cut = 0; cut < 3; ++cut) {
    const std::string line = summary(TextPayload{std::string(cut, 'a') + text});
    EXPECT_LE(line.size(), kSummaryBytesMax);
    EXPECT_GE(line.size(), kSummaryBytesMax - 3);
    EXPECT_TRUE(is_valid_utf8(line));
    EXPECT_TRUE(line.ends_with("…"));
  }
}

template <std::size_t... kIndex>
void check_every_payload(test::Random& random, std::index_sequence<kIndex...>) {
  const auto check = [&random]<class T>(T message) {
    if constexpr (std::is_base_of_v<google::protobuf::Message, T>) test::fill_randomly(message, random);
    const std::string line = summary(message, static_cast<std::uint32_t>(random() % 2));
    EXPECT_TRUE(is_valid_utf8(line)) << line;
    EXPECT_LE(line.size(), kSummaryBytesMax);
    EXPECT_EQ(line.find('\n'), std::string::npos);
  };
  (check(std::variant_alternative_t<kIndex, Payload>()), ...);
}

TEST(Summary, HasALineForEveryPayload) {
  test::Random random(4);
  for (int i = 0; i < 200; ++i) check_every_payload(random, std::make_index_sequence<std::variant_size_v<Payload>>());
}

}  // namespace
}  // namespace mmm::mesh
