#include "core/mesh/secrets.h"

#include "core/mesh/admin.pb.h"
#include "core/mesh/decode.h"
#include "tests/support/random_message.h"
#include "tests/unit/mesh/capture.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace mmm::mesh {
namespace {

constexpr std::string_view kSecret = "a-very-secret-key";

Classification classify_message(const FromRadio& message) {
  return classify(message, message.SerializeAsString());
}

FromRadio admin_answer() {
  AdminMessage admin;
  admin.mutable_get_config_response()->mutable_security()->set_private_key(std::string(kSecret));
  FromRadio message;
  MeshPacket& packet = *message.mutable_packet();
  packet.set_from(1234);
  packet.set_id(5);
  packet.mutable_decoded()->set_portnum(ADMIN_APP);
  packet.mutable_decoded()->set_payload(admin.SerializeAsString());
  packet.mutable_decoded()->set_request_id(99);
  return message;
}

TEST(Secrets, OnlyFourVariantsMayBeRecorded) {
  // Over all variants there are, so that a new one is refused until somebody decides.
  test::Random random(1);
  const auto* oneof = FromRadio::descriptor()->FindOneofByName("payload_variant");
  const std::map<int, RecordedAs> allowed = {{FromRadio::kPacket, RecordedAs::kMeshPacket},
                                             {FromRadio::kNodeInfo, RecordedAs::kNodeInfo},
                                             {FromRadio::kMyInfo, RecordedAs::kOwnInfo},
                                             {FromRadio::kMetadata, RecordedAs::kMetadata}};
  std::set<int> seen;
  for (int i = 0; i < 2000; ++i) {
    FromRadio message;
    test::fill_randomly(message, random);
    if (message.has_packet() && is_administration(message.packet())) continue;
    const int variant = message.payload_variant_case();
    seen.insert(variant);
    const Classification result = classify_message(message);
    const auto entry = allowed.find(variant);
    EXPECT_EQ(result.recording, entry == allowed.end() ? Recording::kNever : Recording::kRecord) << variant;
    EXPECT_EQ(result.as, entry == allowed.end() ? RecordedAs::kNothing : entry->second) << variant;
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(oneof->field_count()));
}

TEST(Secrets, EmptyAndUnknownMessagesAreNotRecorded) {
  EXPECT_EQ(classify(FromRadio(), "").recording, Recording::kNever);
  const std::string later("\xA2\x06\x02\x08\x05", 5);
  EXPECT_EQ(classify(*decode_from_radio(later), later).recording, Recording::kNever);
}

TEST(Secrets, AdministrationIsRecordedWithoutItsPayload) {
  const FromRadio message = admin_answer();
  EXPECT_EQ(classify_message(message).recording, Recording::kRecordCleaned);
  const std::string record = cleaned(message);
  EXPECT_EQ(record.find(kSecret), std::string::npos);
  const auto again = decode_from_radio(record);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->packet().from(), 1234U);
  EXPECT_EQ(again->packet().decoded().portnum(), ADMIN_APP);
  EXPECT_EQ(again->packet().decoded().request_id(), 99U);
  EXPECT_EQ(classify(*again, record).as, RecordedAs::kMeshPacket);
}

TEST(Secrets, AdministrationWithinASimulatedCopyToo) {
  FromRadio message = admin_answer();
  Compressed copy;
  copy.set_portnum(ADMIN_APP);
  copy.set_data(message.packet().decoded().payload());
  message.mutable_packet()->mutable_decoded()->set_portnum(SIMULATOR_APP);
  message.mutable_packet()->mutable_decoded()->set_payload(copy.SerializeAsString());
  EXPECT_EQ(classify_message(message).recording, Recording::kRecordCleaned);
  EXPECT_EQ(cleaned(message).find(kSecret), std::string::npos);
}

TEST(Secrets, AVariantHiddenBehindTheLastIsCleanedAway) {
  FromRadio secret;
  secret.mutable_config()->mutable_network()->set_wifi_psk(std::string(kSecret));
  FromRadio packet;
  packet.mutable_packet()->set_id(5);
  const std::string bytes = secret.SerializeAsString() + packet.SerializeAsString();
  const auto message = decode_from_radio(bytes);
  ASSERT_TRUE(message->has_packet());  // parsing shows the last one only
  EXPECT_EQ(classify(*message, bytes).recording, Recording::kRecordCleaned);
  EXPECT_EQ(cleaned(*message), packet.SerializeAsString());
  const std::string reversed = packet.SerializeAsString() + secret.SerializeAsString();
  EXPECT_EQ(classify(*decode_from_radio(reversed), reversed).recording, Recording::kNever);
}

TEST(Secrets, FieldsThatLaterFirmwareAddsAtTheTopAreCleanedAway) {
  FromRadio packet;
  packet.set_id(3);
  packet.mutable_packet()->set_id(5);
  const std::string bytes = packet.SerializeAsString() + "\xA2\x06\x02hi";
  const auto message = decode_from_radio(bytes);
  EXPECT_EQ(classify(*message, bytes).recording, Recording::kRecordCleaned);
  EXPECT_EQ(cleaned(*message), packet.SerializeAsString());
}

TEST(Secrets, OfARecordedHandshakeNothingSecretPasses) {
  std::vector<std::string> secrets;
  std::string recorded;
  for (const std::string& frame : test::capture_frames("hs_full_A.d2c.bin")) {
    const auto message = decode_from_radio(frame);
    if (message->config().has_security()) secrets.push_back(message->config().security().private_key());
    if (message->module_config().has_mqtt()) secrets.push_back(message->module_config().mqtt().password());
    if (classify(*message, frame).recording == Recording::kRecord) recorded += frame;
  }
  ASSERT_EQ(secrets.size(), 2U);
  EXPECT_EQ(secrets[0].size(), 32U);
  for (const std::string& secret : secrets) {
    ASSERT_FALSE(secret.empty());
    EXPECT_EQ(recorded.find(secret), std::string::npos);
  }
  EXPECT_NE(recorded.find("Bravo Node"), std::string::npos);
}

}  // namespace
}  // namespace mmm::mesh
