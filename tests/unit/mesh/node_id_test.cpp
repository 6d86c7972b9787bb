#include "core/mesh/node_id.h"

#include <gtest/gtest.h>

namespace mmm::mesh {
namespace {

TEST(NodeId, IsLowerCaseHexOfEightDigits) {
  EXPECT_EQ(format_node_id(0x0A1B2C3D), "!0a1b2c3d");
  EXPECT_EQ(format_node_id(7), "!00000007");
  EXPECT_EQ(format_node_id(kBroadcast), "!ffffffff");
}

TEST(NodeId, DestinationNamesBroadcasts) {
  EXPECT_EQ(format_destination(kBroadcast), "^all");
  EXPECT_EQ(format_destination(kBroadcastNoLora), "^all");
  EXPECT_EQ(format_destination(0x6881850E), "!6881850e");
}

TEST(NodeId, ParsesEveryFormThatPeopleWrite) {
  EXPECT_EQ(*parse_node_id("!6881850e"), 0x6881850EU);
  EXPECT_EQ(*parse_node_id("!6881850E"), 0x6881850EU);
  EXPECT_EQ(*parse_node_id("!e"), 0xEU);
  EXPECT_EQ(*parse_node_id("0x6881850e"), 0x6881850EU);
  EXPECT_EQ(*parse_node_id("1753318670"), 0x6881850EU);
  EXPECT_EQ(*parse_node_id("4294967295"), kBroadcast);
  EXPECT_EQ(*parse_node_id("^all"), kBroadcast);
}

TEST(NodeId, RefusesTheRestAndSaysWhatIsAllowed) {
  for (const char* text :
       {"", "!", "!123456789", "!xyz", "4294967296", "-1", "+1", " 1", "6881850e", "^local", "0x", "!-1"}) {
    const auto num = parse_node_id(text);
    ASSERT_FALSE(num) << text;
    EXPECT_EQ(num.error().kind, ErrorKind::kInvalidArgument);
    EXPECT_NE(num.error().message.find("^all"), std::string::npos);
  }
}

TEST(NodeId, FormatAndParseAreInverse) {
  for (const NodeNum num : {0U, 1U, 4U, 0x80000000U, 0xFFFFFFFFU}) EXPECT_EQ(*parse_node_id(format_node_id(num)), num);
}

}  // namespace
}  // namespace mmm::mesh
