#include "core/mesh/decode.h"
#include "core/mesh/node_id.h"
#include "core/python/entry_reader.h"

#include <gtest/gtest.h>

namespace mmm::python {
namespace {

struct Read {
  PacketEntry told;
  mesh::MeshPacket packet;

  [[nodiscard]] mesh::Payload payload() const {
    return mesh::decode_payload(static_cast<std::uint32_t>(packet.decoded().portnum()), packet.decoded().payload());
  }
};

Read read(std::string_view json) {
  EntryReader reader;
  Read result;
  auto told = reader.packet(json, result.packet);
  EXPECT_TRUE(told) << json;
  if (told) result.told = *told;
  return result;
}

// A packet of that type, as an agent writes it.
Read read_typed(std::string_view type, std::string_view payload) {
  return read(fmt::format(
      R"({{"timestamp": "2026-11-23T21:50:53.642727+00:00", "from_node": "!a1b2c3d4", "to_node": "^all", "packet_id": 7, "channel": 0, "hop_limit": 3, "want_ack": false, "rssi": null, "snr": null, "type": "{}", "payload": {}}})",
      type, payload));
}

TEST(PacketEntry, ReadsTheHeader) {
  const Read got = read(
      R"({"from_node": "!a1b2c3d4", "to_node": "!0badc0de", "packet_id": 3735928559, "channel": 8, "hop_limit": 3,
          "want_ack": true, "rssi": -97, "snr": -4.25, "type": "text_message", "payload": "hi"})");
  EXPECT_TRUE(got.told.has_sender);
  EXPECT_EQ(got.packet.from(), 0xa1b2c3d4);
  EXPECT_EQ(got.packet.to(), 0x0badc0deU);
  EXPECT_EQ(got.packet.id(), 3735928559);
  EXPECT_EQ(got.packet.channel(), 8U);
  EXPECT_EQ(got.packet.hop_limit(), 3U);
  EXPECT_TRUE(got.packet.want_ack());
  EXPECT_EQ(got.told.rssi, -97);
  EXPECT_EQ(got.told.snr, -4.25F);
  EXPECT_EQ(got.packet.decoded().portnum(), mesh::TEXT_MESSAGE_APP);
  EXPECT_EQ(got.packet.decoded().payload(), "hi");
}

// What the contract says a real agent sends, and what nobody should.
TEST(PacketEntry, ToleratesWhatIsMissingOrOdd) {
  struct Case {
    const char* name;
    const char* json;
    bool has_sender;
    std::uint32_t to;
  };
  const Case cases[] = {
      {"nothing", "{}", false, 0},
      {"nulls",
       R"({"from_node":null,"to_node":null,"packet_id":null,"channel":null,"hop_limit":null,"want_ack":null,"rssi":null,"snr":null,"type":null,"payload":null})",
       false, 0},
      {"empty ids", R"({"from_node":"","to_node":"","type":"encrypted"})", false, 0},
      {"odd ids", R"({"from_node":"^local","to_node":"null"})", false, 0},
      {"from everybody", R"({"from_node":"^all","to_node":"^all"})", false, mesh::kBroadcast},
      {"numbers for texts", R"({"from_node":12,"to_node":[1],"type":5})", false, 0},
      {"texts for numbers", R"({"from_node":"!00000011","packet_id":"7","channel":"x","hop_limit":"3"})", true, 0},
      {"numbers out of range", R"({"from_node":"!00000011","packet_id":-1,"channel":1e300,"hop_limit":2.5})", true, 0},
      {"huge number", R"({"packet_id":123456789012345678901234567890,"from_node":"!00000011"})", true, 0},
      {"not finite", R"({"rssi":NaN,"snr":-Infinity,"packet_id":Infinity,"from_node":"!00000011"})", true, 0},
      {"extra keys", R"({"portnum":"TEXT_MESSAGE_APP","x":{"y":[1,{"z":null}]},"from_node":"!00000011"})", true, 0},
      {"any order", R"({"payload":null,"type":"encrypted","to_node":"^all","from_node":"!00000011"})", true,
       mesh::kBroadcast},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const Read got = read(each.json);
    EXPECT_EQ(got.told.has_sender, each.has_sender);
    EXPECT_EQ(got.packet.to(), each.to);
    EXPECT_EQ(got.packet.id(), 0U);
    EXPECT_FALSE(got.told.snr);
    EXPECT_FALSE(got.told.rssi);
    EXPECT_FALSE(got.packet.has_decoded());
  }
}

TEST(PacketEntry, RefusesWhatIsNoObject) {
  EntryReader reader;
  mesh::MeshPacket packet;
  for (const char* json : {"", " ", "[]", "null", "7", "\"text\"", "{", "\xff"}) {
    const auto got = reader.packet(json, packet);
    EXPECT_TRUE(!got || !packet.has_decoded()) << json;
    if (std::string_view(json) != "{") EXPECT_FALSE(got) << json;
  }
  EXPECT_TRUE(reader.packet("{}", packet)) << "the reader is good after a failure";
}

TEST(PacketEntry, KnowsWhichSignalsAreUnknown) {
  EXPECT_FALSE(read(R"({"snr":-32,"rssi":0})").told.snr);
  EXPECT_FALSE(read(R"({"snr":-32.0,"rssi":0})").told.rssi);
  EXPECT_EQ(read(R"({"snr":-31.75})").told.snr, -31.75F);
  EXPECT_EQ(read(R"({"snr":0})").told.snr, 0.0F);
}

TEST(PacketEntry, ReadsPositions) {
  const Read got =
      read_typed("position", R"({"latitude": 47.6062, "longitude": -122.3321, "altitude": 56, "time": 9})");
  const auto position = std::get<mesh::Position>(got.payload());
  EXPECT_EQ(position.latitude_i(), 476062000);
  EXPECT_EQ(position.longitude_i(), -1223321000);
  EXPECT_EQ(position.altitude(), 56);
  EXPECT_EQ(position.time(), 9U);
  for (const char* none : {R"({"latitude":0,"longitude":0,"altitude":0,"time":0})", R"({"latitude":0,"longitude":7})",
                           R"({"latitude":91,"longitude":7})", R"({"latitude":NaN,"longitude":7})", "{}"}) {
    const auto without = std::get<mesh::Position>(read_typed("position", none).payload());
    EXPECT_FALSE(mesh::place_of(without)) << none;
    EXPECT_FALSE(without.has_altitude()) << none;
  }
}

TEST(PacketEntry, ReadsTelemetryInEitherSpelling) {
  const Read device = read_typed(
      "telemetry",
      R"({"device_metrics": {"battery_level": 101, "voltage": 4.1, "channel_utilization": NaN, "uptime_seconds": 3600}})");
  const auto metrics = std::get<mesh::Telemetry>(device.payload()).device_metrics();
  EXPECT_EQ(metrics.battery_level(), 101U);
  EXPECT_FLOAT_EQ(metrics.voltage(), 4.1F);
  EXPECT_FALSE(metrics.has_channel_utilization());
  EXPECT_FALSE(metrics.has_air_util_tx());
  EXPECT_EQ(metrics.uptime_seconds(), 3600U);

  const auto air = std::get<mesh::Telemetry>(
      read_typed("telemetry", R"({"air_quality_metrics": {"pm10_standard": 3, "particles_03um": 400}})").payload());
  EXPECT_EQ(air.air_quality_metrics().pm10_standard(), 3U);
  EXPECT_EQ(air.air_quality_metrics().particles_03um(), 400U);

  const auto stats = std::get<mesh::Telemetry>(
      read_typed("telemetry", R"({"local_stats": {"numPacketsTx": 12, "noiseFloor": -110, "made_up": [1]}})")
          .payload());
  EXPECT_EQ(stats.local_stats().num_packets_tx(), 12U);
  EXPECT_EQ(stats.local_stats().noise_floor(), -110);

  const auto rain = std::get<mesh::Telemetry>(
      read_typed("telemetry", R"({"environment_metrics": {"temperature": -3.5, "rainfall_1h": 2}})").payload());
  EXPECT_FLOAT_EQ(rain.environment_metrics().temperature(), -3.5F);
  EXPECT_FLOAT_EQ(rain.environment_metrics().rainfall_1h(), 2);
}

TEST(PacketEntry, ReadsUsers) {
  const Read nameless =
      read_typed("user_info", R"({"id":"!a1b2c3d4","long_name":null,"short_name":null,"macaddr":"8C"})");
  EXPECT_EQ(std::get<mesh::User>(nameless.payload()).long_name(), "");
  EXPECT_FALSE(nameless.told.tells_role);
  const Read named =
      read_typed("user_info", R"({"long_name":"B\u00e4r \ud83d\ude00","short_name":"B","role":"ROUTER"})");
  const auto user = std::get<mesh::User>(named.payload());
  EXPECT_EQ(user.long_name(), "Bär 😀");
  EXPECT_EQ(user.role(), mesh::Config::DeviceConfig::ROUTER);
  EXPECT_TRUE(named.told.tells_role);
}

TEST(PacketEntry, ReadsRoutingAndTraceroutes) {
  const auto reason = [](const char* payload) {
    return std::get<mesh::Routing>(read_typed("routing", payload).payload());
  };
  EXPECT_EQ(reason(R"({"error_reason":"MAX_RETRANSMIT"})").error_reason(), mesh::Routing::MAX_RETRANSMIT);
  EXPECT_EQ(reason(R"({"error_reason":5})").error_reason(), mesh::Routing::MAX_RETRANSMIT);
  EXPECT_EQ(reason(R"({"error_reason":null})").variant_case(), mesh::Routing::VARIANT_NOT_SET);
  const auto route = std::get<mesh::RouteDiscovery>(
      read_typed("traceroute", R"({"route":["!00000011",null,"!00000012"],"back":[]})").payload());
  ASSERT_EQ(route.route_size(), 3);
  EXPECT_EQ(route.route(0), 0x11U);
  EXPECT_EQ(route.route(1), mesh::kBroadcast);
}

TEST(PacketEntry, KeepsOfOthersWhatItCan) {
  const Read hex = read_typed("other", R"({"portnum":"NEIGHBORINFO_APP","payload":"0811","wantResponse":true})");
  EXPECT_EQ(hex.packet.decoded().portnum(), mesh::NEIGHBORINFO_APP);
  EXPECT_EQ(std::get<mesh::NeighborInfo>(hex.payload()).node_id(), 17U);
  EXPECT_TRUE(hex.packet.decoded().want_response());
  const Read repr = read_typed("other", R"({"portnum":257,"payload":"b'\\x08'"})");
  EXPECT_EQ(repr.packet.decoded().portnum(), mesh::ATAK_FORWARDER);
  EXPECT_EQ(repr.packet.decoded().payload(), "");
  EXPECT_FALSE(read_typed("other", R"({"bytes":1})").packet.has_decoded());
  EXPECT_FALSE(read_typed("error", "\"broken\"").packet.has_decoded());
}

TEST(PacketEntry, EncryptedHasNoContent) {
  EXPECT_FALSE(read_typed("encrypted", "null").packet.has_decoded());
  EXPECT_FALSE(read(R"({"type":"encrypted","payload":null,"portnum":"TEXT_MESSAGE_APP"})").packet.has_decoded());
}

}  // namespace
}  // namespace mmm::python
