#include "core/mesh/decrypt.h"

#include "core/base/encoding.h"

#include <gtest/gtest.h>

#include <random>

namespace mmm::mesh {
namespace {

constexpr NodeNum kFrom = 0x6881850E;
constexpr std::uint32_t kId = 0xA899AD3C;

std::string apply(const ChannelKey& key, NodeNum from, std::uint32_t id, std::string_view in) {
  std::string out(in.size(), '\0');
  ChannelCipher(key).apply(from, id, in, out.data());
  return out;
}

std::string text_message(std::string_view text) {
  Data data;
  data.set_portnum(TEXT_MESSAGE_APP);
  data.set_payload(std::string(text));
  data.set_bitfield(0);
  return data.SerializeAsString();
}

// The key stream is AES of consecutive counter blocks; these were made with `openssl enc -aes-128-ecb` (and 256) of the
// blocks "packet id, 0, sender, counter".
TEST(ChannelCipher, KeyStreamIsThatOfTheNonceOfPacketAndSender) {
  const ChannelKey key = *ChannelKey::from_psk("\1");
  EXPECT_EQ(to_hex(apply(key, kFrom, kId, std::string(32, '\0'))),
            "e795ca21cbefb3592a473b7280242e016309ba13d4f463914bb681b7310bd55e");
  const ChannelKey long_key = *ChannelKey::from_psk(std::string(32, 'k'));
  EXPECT_EQ(to_hex(apply(long_key, kFrom, kId, std::string(32, '\0'))),
            "fe0db8ab4909235f3dbc312e3121ba633590701706f9495215738339df28e4c1");
}

TEST(ChannelCipher, AppliedTwiceGivesTheSameBytes) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 200; ++i) {
    std::string psk(random() % 33, '\0');
    std::string text(random() % 240, '\0');
    for (char& c : psk) c = static_cast<char>(random());
    for (char& c : text) c = static_cast<char>(random());
    const ChannelKey key = *ChannelKey::from_psk(psk);
    const auto id = static_cast<std::uint32_t>(random());
    EXPECT_EQ(apply(key, kFrom, id, apply(key, kFrom, id, text)), text);
  }
}

TEST(ChannelCipher, OneContextServesManyPacketsInAnyOrder) {
  const ChannelKey key = *ChannelKey::from_psk("\1");
  ChannelCipher cipher(key);
  std::string first(20, 'a');
  std::string second(20, 'a');
  cipher.apply(kFrom, 1, first, first.data());  // in place
  cipher.apply(kFrom, 2, second, second.data());
  EXPECT_NE(first, second);
  EXPECT_EQ(first, apply(key, kFrom, 1, std::string(20, 'a')));
  EXPECT_EQ(second, apply(key, kFrom, 2, std::string(20, 'a')));
}

TEST(Keyring, DecryptsWithTheChannelThatFitsTheHash) {
  Keyring keyring;
  keyring.add("Club", *ChannelKey::from_psk(std::string(32, 'c')));
  keyring.add_default_channels();
  const ChannelKey key = *ChannelKey::from_psk("\1");
  const auto result = keyring.decrypt(kFrom, kId, 8, apply(key, kFrom, kId, text_message("hello")));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->channel_name, "LongFast");
  EXPECT_EQ(result->data.portnum(), TEXT_MESSAGE_APP);
  EXPECT_EQ(result->data.payload(), "hello");
  EXPECT_EQ(result->plaintext, text_message("hello"));
}

TEST(Keyring, TriesEveryChannelWithTheSameHash) {
  // The same bytes in the name in another order: the same hash, but another key.
  const ChannelKey wrong = *ChannelKey::from_psk(std::string(16, 'a'));
  const ChannelKey right = *ChannelKey::from_psk(std::string(16, 'b'));
  ASSERT_EQ(channel_hash("ab", wrong), channel_hash("ba", right));
  Keyring keyring;
  keyring.add("ab", wrong);
  keyring.add("ba", right);
  const auto result =
      keyring.decrypt(kFrom, kId, channel_hash("ba", right), apply(right, kFrom, kId, text_message("found")));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->channel_name, "ba");
  EXPECT_EQ(result->data.payload(), "found");
}

TEST(Keyring, LeavesPacketsOfOtherHashesAndKeysAlone) {
  Keyring keyring;
  keyring.add_default_channels();
  const ChannelKey key = *ChannelKey::from_psk("\1");
  EXPECT_FALSE(keyring.decrypt(kFrom, kId, 9, apply(key, kFrom, kId, text_message("hello"))));
  const ChannelKey other = *ChannelKey::from_psk("\2");
  EXPECT_FALSE(keyring.decrypt(kFrom, kId, 8, apply(other, kFrom, kId, text_message("hello there, anyone?"))));
  EXPECT_FALSE(keyring.decrypt(kFrom, kId, 8, ""));
}

TEST(Keyring, DoesNotBelieveUnknownFieldsOrPortZero) {
  Keyring keyring;
  keyring.add("plain", ChannelKey());
  const std::uint8_t hash = channel_hash("plain", ChannelKey());
  const std::string good = text_message("x");
  EXPECT_TRUE(keyring.decrypt(kFrom, kId, hash, good));
  EXPECT_FALSE(keyring.decrypt(kFrom, kId, hash, good + "\x78\x01"));  // field 15
  EXPECT_FALSE(keyring.decrypt(kFrom, kId, hash, good + "\x12"));      // cut off
  EXPECT_FALSE(keyring.decrypt(kFrom, kId, hash, good.substr(2)));     // without port
  EXPECT_FALSE(keyring.decrypt(kFrom, kId, hash, "\x08\x80\x08"));     // port 1024
}

TEST(Keyring, RarelyBelievesNoise) {
  Keyring keyring;
  keyring.add_default_channels();
  std::mt19937_64 random(5);
  int believed = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string noise(16 + random() % 60, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    believed += keyring.decrypt(kFrom, static_cast<std::uint32_t>(random()), 8, noise).has_value() ? 1 : 0;
  }
  EXPECT_LE(believed, 1);
}

TEST(Keyring, KeepsAChannelOnce) {
  Keyring keyring;
  keyring.add_default_channels();
  const std::size_t size = keyring.size();
  keyring.add("LongFast", *ChannelKey::from_psk("\1"));
  EXPECT_EQ(keyring.size(), size);
  keyring.add("LongFast", *ChannelKey::from_psk("\2"));
  EXPECT_EQ(keyring.size(), size + 1);
}

}  // namespace
}  // namespace mmm::mesh
