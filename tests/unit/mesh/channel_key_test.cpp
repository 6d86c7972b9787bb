#include "core/mesh/channel_key.h"

#include "core/base/encoding.h"

#include <gtest/gtest.h>

using namespace std::string_literals;

namespace mmm::mesh {
namespace {

using Lora = Config::LoRaConfig;

std::string key_hex(std::string_view psk) {
  return to_hex(ChannelKey::from_psk(psk)->bytes());
}

TEST(ChannelKey, ExpandsEachLengthOfPreSharedKey) {
  EXPECT_EQ(key_hex(""), "");
  EXPECT_EQ(key_hex("\0"s), "");
  EXPECT_EQ(key_hex("\1"), "d4f1bb3a20290759f0bcffabcf4e6901");
  EXPECT_EQ(key_hex("\2"), "d4f1bb3a20290759f0bcffabcf4e6902");
  EXPECT_EQ(key_hex("\x0A"), "d4f1bb3a20290759f0bcffabcf4e690a");
  EXPECT_EQ(key_hex("\xFF"), "d4f1bb3a20290759f0bcffabcf4e69ff");
  EXPECT_EQ(key_hex("ab"), "6162" + std::string(28, '0'));
  EXPECT_EQ(key_hex(std::string(15, 'k')), to_hex(std::string(15, 'k')) + "00");
  EXPECT_EQ(key_hex(std::string(16, 'k')), to_hex(std::string(16, 'k')));
  EXPECT_EQ(key_hex(std::string(17, 'k')), to_hex(std::string(17, 'k')) + std::string(30, '0'));
  EXPECT_EQ(key_hex(std::string(32, 'k')), to_hex(std::string(32, 'k')));
}

TEST(ChannelKey, RefusesMoreThan32Bytes) {
  EXPECT_EQ(ChannelKey::from_psk(std::string(33, 'k')).error().kind, ErrorKind::kInvalidArgument);
}

TEST(ChannelHash, OfTheDefaultChannelIsWhatRadiosSend) {
  EXPECT_EQ(channel_hash("LongFast", *ChannelKey::from_psk("\1")), 8);
}

TEST(ChannelHash, WithoutKeyIsTheNameAlone) {
  EXPECT_EQ(channel_hash("ab", ChannelKey()), 'a' ^ 'b');
  EXPECT_EQ(channel_hash("", ChannelKey()), 0);
}

TEST(ChannelName, OfAnUnnamedChannelIsThatOfThePreset) {
  EXPECT_EQ(effective_channel_name("Club", true, Lora::LONG_FAST), "Club");
  EXPECT_EQ(effective_channel_name("", true, Lora::LONG_MODERATE), "LongMod");
  EXPECT_EQ(effective_channel_name("", true, Lora::MEDIUM_TURBO), "MediumTurbo");
  EXPECT_EQ(effective_channel_name("", false, Lora::LONG_FAST), "Custom");
}

TEST(ParsePsk, ReadsWhatPeopleWrite) {
  EXPECT_EQ(*parse_psk("default"), "\1");
  EXPECT_EQ(*parse_psk("none"), "\0"s);
  EXPECT_EQ(*parse_psk("AQ=="), "\1");
  EXPECT_EQ(*parse_psk("base64:AQ=="), "\1");
  EXPECT_EQ(*parse_psk("0x01"), "\1");
  EXPECT_EQ(*parse_psk("hex:01"), "\1");
  EXPECT_EQ(*parse_psk("Simple0"), "\1");
  EXPECT_EQ(*parse_psk("simple 1"), "\2");
  EXPECT_EQ(*parse_psk("simple9"), "\x0A");
  EXPECT_EQ(*parse_psk("d4f1bb3a20290759f0bcffabcf4e6901"), *from_hex("d4f1bb3a20290759f0bcffabcf4e6901"));
  EXPECT_EQ(*parse_psk("1PG7OiApB1nwvP+rz05pAQ=="), *from_hex("d4f1bb3a20290759f0bcffabcf4e6901"));
  EXPECT_EQ(parse_psk(to_base64(std::string(32, '\xAB'))), std::string(32, '\xAB'));
}

TEST(ParsePsk, RefusesTheRestWithoutRepeatingIt) {
  for (const char* text : {"", "simple", "simple 10", "simple-1", "simplex", "0x1", "0xzz", "!!secret!!", "base64:A",
                           "0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"}) {
    const auto psk = parse_psk(text);
    ASSERT_FALSE(psk) << text;
    EXPECT_EQ(psk.error().kind, ErrorKind::kInvalidArgument);
    EXPECT_EQ(psk.error().message.find("secret!!"), std::string::npos);
  }
}

}  // namespace
}  // namespace mmm::mesh
