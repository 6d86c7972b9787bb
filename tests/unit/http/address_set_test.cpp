#include "core/http/address_set.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace mmm::http {
namespace {

AddressSet set_of(std::initializer_list<const char*> texts) {
  AddressSet set;
  for (const char* text : texts) EXPECT_TRUE(set.add(text)) << text;
  return set;
}

TEST(AddressSet, HoldsAddressesAndNetworks) {
  const AddressSet set = set_of({"10.1.2.3", "192.168.0.7/16", "::1", "fd00::/8"});
  for (const char* inside : {"10.1.2.3", "::ffff:10.1.2.3", "192.168.0.0", "192.168.255.255", "::1", "fd12::5"}) {
    EXPECT_TRUE(set.contains(inside)) << inside;
  }
  for (const char* outside : {"10.1.2.4", "192.169.0.0", "::2", "fc00::1", "", "localhost", "10.1.2.3/32"}) {
    EXPECT_FALSE(set.contains(outside)) << outside;
  }
  EXPECT_TRUE(set_of({"0.0.0.0/0"}).contains("8.8.8.8"));
  EXPECT_FALSE(AddressSet().contains("10.1.2.3"));
}

TEST(AddressSet, SaysWhatIsNoAddress) {
  for (const char* text : {"", "proxy", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.1,10.0.0.2"}) {
    const auto added = AddressSet().add(text);
    ASSERT_FALSE(added) << text;
    EXPECT_NE(added.error().message.find(text), std::string::npos);
  }
}

TEST(ForwardedClient, IsTheLastAddressThatNoTrustedProxyHas) {
  const AddressSet trusted = set_of({"10.0.0.0/8", "::1"});
  const auto client = [&](const char* peer, const char* header) { return forwarded_client(trusted, peer, header); };
  EXPECT_EQ(client("10.0.0.1", "203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(client("10.0.0.1", "198.51.100.1, 203.0.113.9 ,10.0.0.2"), "203.0.113.9");
  EXPECT_EQ(client("::1", "[2001:db8::5]:4711"), "2001:db8::5");
  EXPECT_EQ(client("10.0.0.1", "203.0.113.9:4711"), "203.0.113.9");
  // Nobody but proxies: the one that is furthest away.
  EXPECT_EQ(client("10.0.0.1", "10.0.0.3, 10.0.0.2"), "10.0.0.3");
  // What cannot be read ends the way back.
  EXPECT_EQ(client("10.0.0.1", "198.51.100.1, unknown, 10.0.0.2"), "10.0.0.2");
  EXPECT_EQ(client("10.0.0.1", ""), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", ",,"), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", "[::1"), "::1");
}

TEST(ForwardedClient, IsThePeerWhenThatIsNotTrusted) {
  EXPECT_EQ(forwarded_client(set_of({"10.0.0.1"}), "203.0.113.9", "198.51.100.1"), "203.0.113.9");
  EXPECT_EQ(forwarded_client({}, "203.0.113.9", "198.51.100.1"), "203.0.113.9");
}

TEST(AddressBlock, IsAnAddressOfIpv4AndANetworkOfIpv6) {
  EXPECT_EQ(address_block("203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(address_block("2001:db8:1:2:3:4:5:6"), address_block("2001:db8:1:2::"));
  EXPECT_NE(address_block("2001:db8:1:2::"), address_block("2001:db8:1:3::"));
  EXPECT_EQ(address_block(""), "");
}

}  // namespace
}  // namespace mmm::http
