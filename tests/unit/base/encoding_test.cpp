#include "core/base/encoding.h"

#include <gtest/gtest.h>

namespace mmm {
namespace {

TEST(Base64, ReadsWhatItWroteAtEveryLength) {
  std::string bytes;
  for (int length = 0; length < 70; ++length) {
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes) << length;
    bytes.push_back(static_cast<char>(length * 37));
  }
}

TEST(Base64, KnowsTheVectorsOfTheRfc) {
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(to_base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
  EXPECT_EQ(from_base64("AQ=="), std::string("\x01"));
  EXPECT_EQ(from_base64("AQ"), std::string("\x01"));
}

TEST(Base64, RefusesWhatIsNot) {
  EXPECT_FALSE(from_base64("A"));
  EXPECT_FALSE(from_base64("Zm9v YmFy"));
  EXPECT_FALSE(from_base64("====A"));
}

TEST(Hex, ReadsBothCasesAndRefusesTheRest) {
  EXPECT_EQ(to_hex("\x94\xC3"), "94c3");
  EXPECT_EQ(from_hex("94C3"), std::string("\x94\xC3"));
  EXPECT_FALSE(from_hex("94c"));
  EXPECT_FALSE(from_hex("9g"));
}

TEST(Utf8, KeepsGoodTextAndMarksBadBytes) {
  EXPECT_EQ(sanitize_utf8("Köln 🏔"), "Köln 🏔");
  EXPECT_EQ(sanitize_utf8("a\xF0\x9F\x8F"), "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80")) << "surrogate";
  EXPECT_FALSE(is_valid_utf8("\xC0\xAF")) << "overlong";
  EXPECT_FALSE(is_valid_utf8(std::string_view("a\0b", 3)));
  EXPECT_TRUE(is_valid_utf8(sanitize_utf8(std::string_view("a\0\xFF", 3))));
}

TEST(U64, KeepsNumberOrderInByteOrder) {
  std::string low;
  std::string high;
  append_u64_be(low, 0xFF);
  append_u64_be(high, 0x100);
  EXPECT_LT(low, high);
  EXPECT_EQ(load_u64_be(high), 0x100U);
}

}  // namespace
}  // namespace mmm
