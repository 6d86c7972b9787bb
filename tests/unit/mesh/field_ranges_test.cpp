#include "core/mesh/field_ranges.h"

#include "core/mesh/decode.h"
#include "tests/support/random_message.h"

#include <gtest/gtest.h>

#include <random>

namespace mmm::mesh {
namespace {

using namespace std::string_literals;

const FieldRange* find(const std::vector<FieldRange>& ranges, std::string_view field) {
  const auto found = std::ranges::find(ranges, field, &FieldRange::field);
  return found == ranges.end() ? nullptr : &*found;
}

TEST(FieldRanges, SayWhereEachFieldStands) {
  FromRadio message;
  MeshPacket& packet = *message.mutable_packet();
  packet.set_from(0x11223344);
  packet.mutable_decoded()->set_portnum(TEXT_MESSAGE_APP);
  packet.mutable_decoded()->set_payload("hello");
  const std::string bytes = message.SerializeAsString();
  const auto ranges = field_ranges(bytes, *FromRadio::descriptor());
  const FieldRange* whole = find(ranges, "packet");
  ASSERT_NE(whole, nullptr);
  EXPECT_EQ(whole->offset, 0U);
  EXPECT_EQ(whole->length, bytes.size());
  const FieldRange* from = find(ranges, "packet.from");
  ASSERT_NE(from, nullptr);
  EXPECT_EQ(bytes.substr(from->offset, from->length), "\x0d\x44\x33\x22\x11");
  const FieldRange* text = find(ranges, "packet.decoded.payload");
  ASSERT_NE(text, nullptr);
  EXPECT_EQ(bytes.substr(text->offset, text->length), "\x12\x05hello");
  EXPECT_EQ(ranges.front().field, "packet");
}

TEST(FieldRanges, CountRepeatedFieldsPackedOrNot) {
  RouteDiscovery route;
  route.add_route(1);
  route.add_route(2);
  route.add_snr_towards(-128);
  const std::string bytes = route.SerializeAsString();
  auto ranges = field_ranges(bytes, *RouteDiscovery::descriptor());
  ASSERT_NE(find(ranges, "route[1]"), nullptr);
  EXPECT_EQ(bytes.substr(find(ranges, "route[1]")->offset, 4), "\x02\0\0\0"s);
  ASSERT_NE(find(ranges, "snr_towards[0]"), nullptr);
  EXPECT_EQ(find(ranges, "snr_towards[0]")->length, 10U);  // a negative number takes ten bytes
  // The same field twice, not packed.
  ranges = field_ranges("\x0d\x01\0\0\0\x0d\x02\0\0\0"s, *RouteDiscovery::descriptor());
  ASSERT_EQ(ranges.size(), 2U);
  EXPECT_EQ(ranges[1].field, "route[1]");
  EXPECT_EQ(ranges[1].offset, 5U);
}

TEST(FieldRanges, NameWhatIsUnknownByItsNumber) {
  const auto ranges = field_ranges("\xf8\x3f\x01"s, *RouteDiscovery::descriptor());
  ASSERT_EQ(ranges.size(), 1U);
  EXPECT_EQ(ranges[0].field, "#1023");
  EXPECT_EQ(ranges[0].length, 3U);
}

TEST(FieldRanges, EndWhereTheBytesMakeNoSense) {
  const google::protobuf::Descriptor& type = *FromRadio::descriptor();
  EXPECT_TRUE(field_ranges("", type).empty());
  EXPECT_TRUE(field_ranges("\x80"s, type).empty());                           // half a tag
  EXPECT_TRUE(field_ranges("\x00\x01"s, type).empty());                       // field 0
  EXPECT_TRUE(field_ranges("\x12\x7f\x01"s, type).empty());                   // longer than there is
  EXPECT_TRUE(field_ranges("\x0b\x0c"s, type).empty());                       // a group
  EXPECT_TRUE(field_ranges("\x08" + std::string(11, '\xff'), type).empty());  // a number without an end
  EXPECT_TRUE(field_ranges("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s, type).empty());
  // What stands before it is told.
  EXPECT_EQ(field_ranges("\x08\x01\x12\x7f"s, type).size(), 1U);
}

TEST(FieldRanges, AreBounded) {
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += "\x08\x01";
  EXPECT_EQ(field_ranges(bytes, *FromRadio::descriptor()).size(), kFieldRangesMax);
}

// Any message: each range lies in the bytes, a field of a message within that message's, and all of the bytes are told.
TEST(FieldRanges, CoverAnyMessage) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 300; ++i) {
    FromRadio message;
    test::fill_randomly(message, random);
    const std::string bytes = message.SerializeAsString();
    const auto ranges = field_ranges(bytes, *FromRadio::descriptor());
    if (ranges.size() == kFieldRangesMax) continue;
    std::size_t top = 0;
    for (const FieldRange& range : ranges) {
      ASSERT_LE(range.offset + range.length, bytes.size());
      if (range.field.find_first_of(".") == std::string::npos && range.offset == top) top += range.length;
      const auto dot = range.field.rfind('.');
      if (dot == std::string::npos) continue;
      const FieldRange* outer = find(ranges, range.field.substr(0, dot));
      ASSERT_NE(outer, nullptr) << range.field;
      EXPECT_GE(range.offset, outer->offset);
      EXPECT_LE(range.offset + range.length, outer->offset + outer->length) << range.field;
    }
    EXPECT_EQ(top, bytes.size());
  }
}

}  // namespace
}  // namespace mmm::mesh
