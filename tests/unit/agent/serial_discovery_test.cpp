#include "agent/radio/serial_discovery.h"

#include "tests/support/serial_tree.h"

#include <gtest/gtest.h>

namespace mmm::agent {
namespace {

using test::SerialTree;

const SerialTree::Usb kRak{"239a", "8029", "9C02A1"};
const SerialTree::Usb kHeltec{"10c4", "ea60", "0001"};
const SerialTree::Usb kProbe{"1366", "0105", "600"};
const SerialTree::Usb kModem{"12d1", "1506", ""};

class SerialDiscovery : public ::testing::Test {
 protected:
  Result<SerialChoice> choose(const std::optional<UsbIdentity>& before = std::nullopt) {
    return choose_serial_device(list_serial_devices(tree.root()), before);
  }
  std::string chosen() {
    const auto choice = choose();
    return choice ? choice->device.path() : choice.error().message;
  }
  std::string refusal() {
    const auto choice = choose();
    return choice ? "chose " + choice->device.path() : choice.error().message;
  }

  SerialTree tree;
};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(SerialDiscovery, ReadsTheUsbIdsOfConvertersAndOfBoardsWithNativeUsb) {
  tree.plug("ttyUSB0", kHeltec, "usb-Silicon_Labs-port0");
  tree.plug("ttyACM0", kRak);
  tree.add_node("ttyS0");
  tree.add_node("ttyACM9");
  const auto devices = list_serial_devices(tree.root());
  ASSERT_EQ(devices.size(), 3U);
  EXPECT_EQ(devices[0].usb, (UsbIdentity{0x239a, 0x8029, "9C02A1"}));
  EXPECT_EQ(devices[0].path(), tree.dev("ttyACM0"));
  EXPECT_FALSE(devices[1].usb);
  EXPECT_EQ(devices[2].usb, (UsbIdentity{0x10c4, 0xea60, "0001"}));
  EXPECT_EQ(devices[2].path(), tree.dev("serial/by-id/usb-Silicon_Labs-port0"));
  EXPECT_TRUE(holds(devices[2].describe(), "ttyUSB0, 10c4:ea60 CP210x")) << devices[2].describe();
}

TEST_F(SerialDiscovery, WithoutDevicesSaysWhatToDo) {
  EXPECT_TRUE(holds(refusal(), "plug the radio in"));
  tree.add_node("ttyS0");
  EXPECT_TRUE(holds(refusal(), "plug the radio in"));
}

TEST_F(SerialDiscovery, TakesABoardBeforeAConverterBeforeAnythingElse) {
  tree.plug("ttyUSB7", kModem);
  EXPECT_EQ(chosen(), tree.dev("ttyUSB7"));
  tree.plug("ttyUSB3", kHeltec);
  EXPECT_EQ(chosen(), tree.dev("ttyUSB3"));
  tree.plug("ttyACM1", kRak, "usb-RAK-if00");
  EXPECT_EQ(chosen(), tree.dev("serial/by-id/usb-RAK-if00"));
  const auto words = choose()->words;
  EXPECT_TRUE(holds(words, "left aside")) << words;
  EXPECT_TRUE(holds(words, "ttyUSB7")) << words;
}

TEST_F(SerialDiscovery, NeverTakesADebugProbe) {
  tree.plug("ttyACM0", kProbe);
  EXPECT_TRUE(holds(refusal(), "SEGGER")) << refusal();
  tree.plug("ttyUSB0", kModem);
  EXPECT_EQ(chosen(), tree.dev("ttyUSB0"));
}

TEST_F(SerialDiscovery, SeveralOfAKindAreListedWithTheKeyToSet) {
  tree.plug("ttyACM0", kRak, "usb-RAK-A");
  tree.plug("ttyACM1", {"303a", "1001", "AB"}, "usb-Heltec-B");
  tree.plug("ttyUSB0", kHeltec);
  const auto text = refusal();
  EXPECT_TRUE(holds(text, "usb-RAK-A")) << text;
  EXPECT_TRUE(holds(text, "usb-Heltec-B")) << text;
  EXPECT_TRUE(holds(text, "device_path")) << text;
  EXPECT_FALSE(holds(text, "ttyUSB0")) << text;
}

TEST_F(SerialDiscovery, TheDeviceOfBeforeIsTakenAmongItsKind) {
  tree.plug("ttyACM0", {"239a", "8029", "OTHER"});
  tree.plug("ttyACM1", kRak);
  const UsbIdentity before{0x239a, 0x8029, "9C02A1"};
  EXPECT_EQ(choose(before)->device.name, "ttyACM1");
  // A converter that was tried while there was no board does not stand in a board's way.
  tree.unplug("ttyACM0");
  tree.plug("ttyUSB0", kHeltec);
  EXPECT_EQ(choose(UsbIdentity{0x10c4, 0xea60, "0001"})->device.name, "ttyACM1");
}

TEST_F(SerialDiscovery, TwoThatLookTheSameAreNotToldApart) {
  tree.plug("ttyUSB0", {"1a86", "7523", ""});
  tree.plug("ttyUSB1", {"1a86", "7523", ""});
  EXPECT_FALSE(find_again(list_serial_devices(tree.root()), UsbIdentity{0x1a86, 0x7523, ""}));
  tree.unplug("ttyUSB0");
  EXPECT_EQ(find_again(list_serial_devices(tree.root()), UsbIdentity{0x1a86, 0x7523, ""})->name, "ttyUSB1");
}

TEST_F(SerialDiscovery, HostileAttributesAreOnlyText) {
  tree.plug("ttyACM0", {"239a", "80zz", "x"});
  tree.plug("ttyACM1", {"239a", "8029", std::string(100'000, '\xff')});
  const auto devices = list_serial_devices(tree.root());
  EXPECT_FALSE(devices[0].usb);
  ASSERT_TRUE(devices[1].usb);
  EXPECT_LT(devices[1].usb->serial.size(), 1000U);
}

}  // namespace
}  // namespace mmm::agent
