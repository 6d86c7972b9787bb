#include "core/mesh/radio_profile.h"

#include "core/mesh/channel_key.h"

#include <gtest/gtest.h>

namespace mmm::mesh {
namespace {

FromRadio channel(int index, Channel::Role role, std::string_view name, std::string_view psk) {
  FromRadio message;
  Channel& channel = *message.mutable_channel();
  channel.set_index(index);
  channel.set_role(role);
  channel.mutable_settings()->set_name(std::string(name));
  channel.mutable_settings()->set_psk(std::string(psk));
  return message;
}

FromRadio lora(Config::LoRaConfig::ModemPreset preset, bool use_preset) {
  FromRadio message;
  Config::LoRaConfig& config = *message.mutable_config()->mutable_lora();
  config.set_use_preset(use_preset);
  config.set_modem_preset(preset);
  config.set_region(Config::LoRaConfig::US);
  config.set_hop_limit(5);
  return message;
}

TEST(RadioProfile, NamesAndHashesFollowThePreset) {
  RadioProfile profile;
  profile.apply(channel(0, Channel::PRIMARY, "", "\1"));
  profile.apply(channel(1, Channel::DISABLED, "", ""));
  EXPECT_TRUE(profile.apply(lora(Config::LoRaConfig::MEDIUM_SLOW, true)));
  ASSERT_EQ(profile.channels().size(), 1U);
  EXPECT_EQ(profile.channels()[0].name, "MediumSlow");
  EXPECT_EQ(profile.channels()[0].hash, channel_hash("MediumSlow", *ChannelKey::from_psk("\1")));
  EXPECT_EQ(profile.modem_preset(), Config::LoRaConfig::MEDIUM_SLOW);
  profile.apply(lora(Config::LoRaConfig::MEDIUM_SLOW, false));
  EXPECT_EQ(profile.channels()[0].name, "Custom");
  EXPECT_EQ(profile.modem_preset(), std::nullopt);
}

TEST(RadioProfile, SecondaryChannelWithoutKeyUsesThePrimarysKey) {
  RadioProfile profile;
  profile.apply(channel(1, Channel::SECONDARY, "Club", ""));
  profile.apply(channel(2, Channel::SECONDARY, "Open", std::string_view("\0", 1)));
  profile.apply(channel(0, Channel::PRIMARY, "Main", std::string(32, 'k') + ""));
  const auto channels = profile.channels();
  ASSERT_EQ(channels.size(), 3U);
  EXPECT_EQ(channels[1].hash, channel_hash("Club", *ChannelKey::from_psk(std::string(32, 'k'))));
  EXPECT_EQ(channels[2].hash, channel_hash("Open", ChannelKey()));
}

TEST(RadioProfile, SaysWhetherAnythingChanged) {
  RadioProfile profile;
  EXPECT_TRUE(profile.apply(channel(3, Channel::SECONDARY, "Club", "\1")));
  EXPECT_FALSE(profile.apply(channel(3, Channel::SECONDARY, "Club", "\1")));
  EXPECT_TRUE(profile.apply(channel(3, Channel::SECONDARY, "Club", "\2")));
  EXPECT_TRUE(profile.apply(lora(Config::LoRaConfig::LONG_FAST, true)));
  EXPECT_FALSE(profile.apply(lora(Config::LoRaConfig::LONG_FAST, true)));
  FromRadio info;
  info.mutable_my_info()->set_my_node_num(42);
  EXPECT_TRUE(profile.apply(info));
  EXPECT_FALSE(profile.apply(info));
}

TEST(RadioProfile, IgnoresOtherNodesAndChannelsOutOfRange) {
  RadioProfile profile;
  FromRadio info;
  info.mutable_my_info()->set_my_node_num(42);
  profile.apply(info);
  FromRadio other;
  other.mutable_node_info()->set_num(43);
  other.mutable_node_info()->mutable_user()->set_hw_model(HELTEC_V3);
  EXPECT_FALSE(profile.apply(other));
  other.mutable_node_info()->set_num(42);
  EXPECT_TRUE(profile.apply(other));
  EXPECT_EQ(profile.hw_model(), HELTEC_V3);
  EXPECT_FALSE(profile.apply(channel(8, Channel::PRIMARY, "x", "")));
  EXPECT_FALSE(profile.apply(channel(-1, Channel::PRIMARY, "x", "")));
  EXPECT_TRUE(profile.channels().empty());
}

TEST(RadioProfile, KeepsHostileNamesAndKeysHarmless) {
  RadioProfile profile;
  profile.apply(channel(0, Channel::PRIMARY, "a\xFF", std::string(200, 'k')));
  ASSERT_EQ(profile.channels().size(), 1U);
  EXPECT_EQ(profile.channels()[0].name, "a\xEF\xBF\xBD");
}

}  // namespace
}  // namespace mmm::mesh
