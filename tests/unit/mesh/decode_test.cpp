#include "core/mesh/decode.h"

#include "core/mesh/names.h"

#include <gtest/gtest.h>

namespace mmm::mesh {
namespace {

constexpr std::string_view kNotProtobuf("\xFF\xFF\xFF", 3);

template <class T>
::testing::AssertionResult decodes_as(std::uint32_t port, const google::protobuf::Message& message) {
  const Payload payload = decode_payload(port, message.SerializeAsString());
  const T* value = std::get_if<T>(&payload);
  if (value == nullptr) return ::testing::AssertionFailure() << port_name(port) << " gives another type";
  if (value->SerializeAsString() != message.SerializeAsString())
    return ::testing::AssertionFailure() << "fields differ";
  const Payload malformed = decode_payload(port, kNotProtobuf);
  const RawPayload* raw = std::get_if<RawPayload>(&malformed);
  if (raw == nullptr || raw->reason != RawReason::kMalformed || raw->bytes != kNotProtobuf) {
    return ::testing::AssertionFailure() << port_name(port) << " takes what does not parse";
  }
  return ::testing::AssertionSuccess();
}

TEST(DecodePayload, GivesEachPortItsMessage) {
  Position position;
  position.set_latitude_i(523000000);
  EXPECT_TRUE(decodes_as<Position>(POSITION_APP, position));
  User user;
  user.set_long_name("cut in the middle of a \xC3");  // radios do that; as proto3 string it would lose the message
  EXPECT_TRUE(decodes_as<User>(NODEINFO_APP, user));
  Routing routing;
  routing.set_error_reason(Routing::NONE);
  EXPECT_TRUE(decodes_as<Routing>(ROUTING_APP, routing));
  AdminMessage admin;
  admin.set_set_time_only(1);
  EXPECT_TRUE(decodes_as<AdminMessage>(ADMIN_APP, admin));
  Waypoint waypoint;
  waypoint.set_name("Camp");
  EXPECT_TRUE(decodes_as<Waypoint>(WAYPOINT_APP, waypoint));
  KeyVerification verification;
  verification.set_nonce(1);
  EXPECT_TRUE(decodes_as<KeyVerification>(KEY_VERIFICATION_APP, verification));
  Paxcount paxcount;
  paxcount.set_wifi(3);
  EXPECT_TRUE(decodes_as<Paxcount>(PAXCOUNTER_APP, paxcount));
  StoreForwardPlusPlus chain;
  chain.set_chain_count(2);
  EXPECT_TRUE(decodes_as<StoreForwardPlusPlus>(STORE_FORWARD_PLUSPLUS_APP, chain));
  StatusMessage status;
  status.set_status("all good");
  EXPECT_TRUE(decodes_as<StatusMessage>(NODE_STATUS_APP, status));
  MeshBeacon beacon;
  beacon.set_message("join us");
  EXPECT_TRUE(decodes_as<MeshBeacon>(MESH_BEACON_APP, beacon));
  StoreAndForward store;
  store.set_rr(StoreAndForward::ROUTER_PING);
  EXPECT_TRUE(decodes_as<StoreAndForward>(STORE_FORWARD_APP, store));
  Telemetry telemetry;
  telemetry.mutable_local_stats()->set_noise_floor(-120);
  EXPECT_TRUE(decodes_as<Telemetry>(TELEMETRY_APP, telemetry));
  Compressed compressed;
  compressed.set_data("x");
  EXPECT_TRUE(decodes_as<Compressed>(SIMULATOR_APP, compressed));
  RouteDiscovery route;
  route.add_snr_towards(-128);
  EXPECT_TRUE(decodes_as<RouteDiscovery>(TRACEROUTE_APP, route));
  NeighborInfo neighbors;
  neighbors.add_neighbors()->set_snr(1);
  EXPECT_TRUE(decodes_as<NeighborInfo>(NEIGHBORINFO_APP, neighbors));
  MapReport report;
  report.set_altitude(-3);
  EXPECT_TRUE(decodes_as<MapReport>(MAP_REPORT_APP, report));
}

TEST(DecodePayload, KeepsTheBytesOfTextsAsTheyCame) {
  for (const std::uint32_t port : {1U, 10U, 11U, 66U}) {
    const Payload payload = decode_payload(port, "gr\xFC\xDF");
    ASSERT_TRUE(std::holds_alternative<TextPayload>(payload)) << port;
    EXPECT_EQ(std::get<TextPayload>(payload).text, "gr\xFC\xDF");
  }
}

TEST(DecodePayload, SaysWhyBytesStayBytes) {
  const auto reason = [](std::uint32_t port) { return std::get<RawPayload>(decode_payload(port, "xyz")).reason; };
  EXPECT_EQ(reason(TEXT_MESSAGE_COMPRESSED_APP), RawReason::kCompressedText);
  EXPECT_EQ(reason(AUDIO_APP), RawReason::kNoSchema);
  EXPECT_EQ(reason(ATAK_PLUGIN), RawReason::kNoSchema);
  EXPECT_EQ(reason(PRIVATE_APP), RawReason::kUnknownPort);
  EXPECT_EQ(reason(99), RawReason::kUnknownPort);
  EXPECT_EQ(reason(511), RawReason::kUnknownPort);
  EXPECT_EQ(reason(0xFFFFFFFF), RawReason::kUnknownPort);
  EXPECT_EQ(to_string(RawReason::kMalformed), "malformed");
}

TEST(DecodePayload, EmptyTracerouteRequestIsAMessage) {
  EXPECT_TRUE(std::holds_alternative<RouteDiscovery>(decode_payload(TRACEROUTE_APP, "")));
}

TEST(DecodePayload, AcceptsRepeatedNumbersPackedAndUnpacked) {
  const std::string unpacked("\x10\x04\x10\x08", 4);
  const auto route = std::get<RouteDiscovery>(decode_payload(TRACEROUTE_APP, unpacked));
  ASSERT_EQ(route.snr_towards_size(), 2);
  EXPECT_EQ(route.snr_towards(1), 8);
}

TEST(DecodeFromRadio, RefusesWhatIsNoMessage) {
  const auto message = decode_from_radio(kNotProtobuf);
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().kind, ErrorKind::kMalformed);
}

TEST(DecodeFromRadio, KeepsVariantsOfLaterFirmware) {
  const std::string later("\xA2\x06\x02\x08\x05", 5);  // field 100, a message
  const auto message = decode_from_radio(later);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->payload_variant_case(), FromRadio::PAYLOAD_VARIANT_NOT_SET);
  EXPECT_EQ(message->SerializeAsString(), later);
}

TEST(Place, NeedsBothCoordinatesAndIsNotZeroZero) {
  Position position;
  EXPECT_FALSE(place_of(position));
  position.set_latitude_i(0);
  position.set_longitude_i(0);
  EXPECT_FALSE(place_of(position));
  position.set_latitude_i(481371000);
  EXPECT_TRUE(place_of(position));  // on the meridian of Greenwich
  position.clear_longitude_i();
  EXPECT_FALSE(place_of(position));
}

TEST(Place, OutsideTheGlobeIsNone) {
  Position position;
  position.set_latitude_i(900000001);
  position.set_longitude_i(1);
  EXPECT_FALSE(place_of(position));
  position.set_latitude_i(1);
  position.set_longitude_i(-1800000001);
  EXPECT_FALSE(place_of(position));
}

TEST(Place, UncertaintyIsHalfTheCellOfThePrecision) {
  Position position;
  position.set_latitude_i(523501568);
  position.set_longitude_i(134000000);
  const auto uncertainty = [&](std::uint32_t bits) {
    position.set_precision_bits(bits);
    return place_of(position)->uncertainty_m;
  };
  EXPECT_NEAR(uncertainty(13), 2914, 1);
  EXPECT_NEAR(uncertainty(16), 364, 1);
  EXPECT_NEAR(uncertainty(19), 45.5, 0.5);
  EXPECT_EQ(uncertainty(32), 0);
  EXPECT_EQ(uncertainty(0), 0);
  EXPECT_EQ(uncertainty(4000000000), 0);
  EXPECT_DOUBLE_EQ(place_of(position)->latitude, 52.3501568);
}

TEST(Names, ComeFromTheProtocolAndNumbersWithoutNameStayApart) {
  EXPECT_EQ(port_name(3), "POSITION_APP");
  EXPECT_EQ(port_name(300), "UNKNOWN_300");
  EXPECT_EQ(port_name(511), "UNKNOWN_511");
  EXPECT_EQ(port_name(4294967295), "UNKNOWN_4294967295");
  EXPECT_EQ(hardware_name(43), "HELTEC_V3");
  EXPECT_EQ(hardware_name(9999), "UNKNOWN_9999");
  EXPECT_EQ(role_name(2), "ROUTER");
  EXPECT_EQ(region_name(3), "EU_868");
  EXPECT_EQ(modem_preset_name(0), "LONG_FAST");
  EXPECT_EQ(channel_role_name(1), "PRIMARY");
  EXPECT_EQ(routing_error_name(39), "PKI_SEND_FAIL_PUBLIC_KEY");
  EXPECT_EQ(transport_name(5), "TRANSPORT_MQTT");
  EXPECT_EQ(priority_name(10), "BACKGROUND");
}

}  // namespace
}  // namespace mmm::mesh
