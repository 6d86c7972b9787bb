#include "core/mesh/payload_json.h"

#include "core/base/encoding.h"
#include "tests/support/random_message.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <limits>

namespace mmm::mesh {
namespace {

TEST(PayloadJson, ShowsSetFieldsByNameAndPresentZeros) {
  Position position;
  position.set_latitude_i(-523000000);
  position.set_altitude(0);  // optional: set, though zero
  position.set_location_source(Position::LOC_INTERNAL);
  EXPECT_EQ(message_to_json(position), R"({"latitude_i":-523000000,"altitude":0,"location_source":"LOC_INTERNAL"})");
  Routing routing;
  routing.set_error_reason(Routing::NONE);
  EXPECT_EQ(message_to_json(routing), R"({"error_reason":"NONE"})");
}

TEST(PayloadJson, SanitizesTextAndShowsOtherBytesAsHex) {
  User user;
  user.set_long_name("<b>\"quoted\" \\ \n cut \xC3");
  user.set_public_key("\x01\xFF");
  EXPECT_EQ(message_to_json(user), R"({"long_name":"<b>\"quoted\" \\ \u000a cut )"
                                   "\xEF\xBF\xBD"
                                   R"(","public_key":"01ff"})");
}

TEST(PayloadJson, NumbersThatJsonLacksAreNull) {
  Telemetry telemetry;
  auto& metrics = *telemetry.mutable_environment_metrics();
  metrics.set_temperature(std::numeric_limits<float>::quiet_NaN());
  metrics.set_relative_humidity(std::numeric_limits<float>::infinity());
  metrics.set_voltage(4.05F);
  EXPECT_EQ(message_to_json(telemetry),
            R"({"environment_metrics":{"temperature":null,"relative_humidity":null,"voltage":4.05}})");
}

TEST(PayloadJson, IntegersThatAJavascriptNumberCannotHoldAreStrings) {
  HostMetrics metrics;
  metrics.set_freemem_bytes((1ULL << 53) - 1);
  metrics.set_diskfree1_bytes(1ULL << 53);
  EXPECT_EQ(message_to_json(metrics), R"({"freemem_bytes":9007199254740991,"diskfree1_bytes":"9007199254740992"})");
}

TEST(PayloadJson, EnumerationsWithoutNameAreNumbers) {
  User user;
  user.set_hw_model(static_cast<HardwareModel>(9999));
  user.set_role(Config::DeviceConfig::ROUTER);
  EXPECT_EQ(message_to_json(user), R"({"hw_model":9999,"role":"ROUTER"})");
}

TEST(PayloadJson, RepeatedFieldsAreArrays) {
  RouteDiscovery route;
  route.add_route(1);
  route.add_route(0xFFFFFFFF);
  route.add_snr_towards(-128);
  EXPECT_EQ(message_to_json(route), R"({"route":[1,4294967295],"snr_towards":[-128]})");
}

TEST(PayloadJson, NeverShowsKeys) {
  MeshBeacon beacon;
  beacon.mutable_offer_channel()->set_psk("sixteen byte key");
  beacon.mutable_offer_channel()->set_name("Club");
  EXPECT_EQ(message_to_json(beacon), R"json({"offer_channel":{"psk":"(secret)","name":"Club"}})json");
  AdminMessage admin;
  auto& security = *admin.mutable_get_config_response()->mutable_security();
  security.set_private_key("private");
  security.add_admin_key("owner");
  admin.set_session_passkey("pass");
  EXPECT_EQ(message_to_json(admin), R"json({"get_config_response":{"security":{"private_key":"(secret)",)json"
                                    R"json("admin_key":["(secret)"]}},"session_passkey":"(secret)"})json");
}

TEST(PayloadJson, TextsAndRawPayloads) {
  EXPECT_EQ(payload_to_json(TextPayload{"a\"\xFF"}), "{\"text\":\"a\\\"\xEF\xBF\xBD\"}");
  EXPECT_EQ(payload_to_json(RawPayload{"\x01\x02", RawReason::kMalformed}), R"({"raw":"0102","reason":"malformed"})");
  EXPECT_EQ(payload_to_json(StatusMessage()), "{}");
}

TEST(PayloadJson, IsJsonForEveryMessage) {
  test::Random random(9);
  for (const auto* type : test::all_mesh_messages()) {
    for (int i = 0; i < 20; ++i) {
      const auto* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
      const std::unique_ptr<google::protobuf::Message> message(prototype->New());
      test::fill_randomly(*message, random);
      const std::string json = message_to_json(*message);
      EXPECT_TRUE(is_valid_utf8(json));
      boost::json::error_code error;
      const auto value = boost::json::parse(json, error);
      ASSERT_FALSE(error) << type->full_name() << ": " << json;
      EXPECT_TRUE(value.is_object());
    }
  }
}

}  // namespace
}  // namespace mmm::mesh
