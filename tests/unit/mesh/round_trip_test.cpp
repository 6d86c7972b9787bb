// Every message of the protocol survives being written and read, also what this version does not know.

#include "core/mesh/decode.h"
#include "tests/support/random_message.h"
#include "tests/unit/mesh/capture.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

namespace mmm::mesh {
namespace {

std::unique_ptr<google::protobuf::Message> make(const google::protobuf::Descriptor& type) {
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  return std::unique_ptr<google::protobuf::Message>(factory->GetPrototype(&type)->New());
}

TEST(RoundTrip, LosesNoFieldOfAnyMessage) {
  test::Random random(42);
  const auto types = test::all_mesh_messages();
  EXPECT_GE(types.size(), 80U);
  for (const auto* type : types) {
    for (int i = 0; i < 25; ++i) {
      const auto message = make(*type);
      test::fill_randomly(*message, random);
      const std::string bytes = message->SerializeAsString();
      const auto again = make(*type);
      ASSERT_TRUE(again->ParseFromString(bytes)) << type->full_name();
      EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*message, *again)) << type->full_name();
      EXPECT_EQ(again->SerializeAsString(), bytes) << type->full_name();
    }
  }
}

TEST(RoundTrip, LosesNothingThatALaterVersionAdds) {
  test::Random random(43);
  for (const auto* type : test::all_mesh_messages()) {
    const auto message = make(*type);
    test::fill_randomly(*message, random);
    // Fields that no message has: a number, bytes, 4 bytes, 8 bytes.
    const std::string unknown(
        "\x80\x7D\x05\x8A\x7D\x02hi\x95\x7D\x01\x02\x03\x04\x99\x7D\x01\x02\x03\x04\x05\x06\x07\x08", 24);
    const std::string bytes = message->SerializeAsString() + unknown;
    const auto again = make(*type);
    ASSERT_TRUE(again->ParseFromString(bytes)) << type->full_name();
    EXPECT_EQ(again->SerializeAsString(), bytes) << type->full_name();
  }
}

TEST(RoundTrip, GivesBackTheBytesOfARadio) {
  for (const char* name : {"hs_full_A.d2c.bin", "mesh2_A.d2c.bin", "mesh2_B.d2c.bin"}) {
    for (const std::string& frame : test::capture_frames(name)) {
      const auto message = decode_from_radio(frame);
      ASSERT_TRUE(message);
      EXPECT_EQ(message->ByteSizeLong(), frame.size()) << message->ShortDebugString();
      FromRadio again;
      ASSERT_TRUE(again.ParseFromString(message->SerializeAsString()));
      EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*message, again));
    }
  }
}

}  // namespace
}  // namespace mmm::mesh
