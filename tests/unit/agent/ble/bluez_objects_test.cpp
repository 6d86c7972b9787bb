#include "agent/radio/ble/bluez_objects.h"

#include <gtest/gtest.h>

namespace mmm::agent::ble {
namespace {

constexpr const char* kHci = "/org/bluez/hci0";

Properties adapter(bool powered) {
  Properties properties;
  properties.emplace("Powered", powered);
  return properties;
}

Properties device(const std::string& address, const std::string& name, bool meshtastic = true) {
  Properties properties;
  properties.emplace("Adapter", sdbus::ObjectPath(kHci));
  properties.emplace("Address", address);
  properties.emplace("Alias", name);
  if (!name.empty()) properties.emplace("Name", name);
  properties.emplace("Paired", true);
  std::vector<std::string> uuids{"00001800-0000-1000-8000-00805f9b34fb"};
  if (meshtastic) uuids.emplace_back("6BA1B218-15A8-461F-9FA8-5DCAE273EAFD");
  properties.emplace("UUIDs", uuids);
  return properties;
}

Properties characteristic(const char* uuid) {
  Properties properties;
  properties.emplace("UUID", std::string(uuid));
  return properties;
}

Objects two_radios() {
  Objects objects;
  objects["/org/bluez/hci0"]["org.bluez.Adapter1"] = adapter(true);
  objects["/org/bluez/hci0/dev_1"]["org.bluez.Device1"] = device("AA:BB:CC:DD:EE:01", "Hill_ab12");
  objects["/org/bluez/hci0/dev_2"]["org.bluez.Device1"] = device("AA:BB:CC:DD:EE:02", "Lake_cd34");
  objects["/org/bluez/hci0/dev_3"]["org.bluez.Device1"] = device("AA:BB:CC:DD:EE:03", "Headphones", false);
  return objects;
}

std::string chosen(std::string_view wanted) {
  const auto device = choose_device(list_devices(two_radios(), kHci), wanted);
  if (!device) return device.error().message;
  return *device ? (*device)->name : "none";
}

TEST(BluezObjects, TakesTheFirstAdapterThatIsPowered) {
  Objects objects;
  EXPECT_NE(choose_adapter(objects).error().message.find("no Bluetooth adapter"), std::string::npos);
  objects["/org/bluez/hci0"]["org.bluez.Adapter1"] = adapter(false);
  EXPECT_NE(choose_adapter(objects).error().message.find("switched off"), std::string::npos);
  objects["/org/bluez/hci1"]["org.bluez.Adapter1"] = adapter(true);
  EXPECT_EQ(choose_adapter(objects)->path, "/org/bluez/hci1");
}

TEST(BluezObjects, FindsARadioByEveryFormOfItsAddressAndByItsName) {
  for (const char* wanted :
       {"AA:BB:CC:DD:EE:02", "aa:bb:cc:dd:ee:02", "AA-BB-CC-DD-EE-02", "aabbccddee02", "Lake_cd34", "lake_CD34"}) {
    EXPECT_EQ(chosen(wanted), "Lake_cd34") << wanted;
  }
  EXPECT_EQ(chosen("AA:BB:CC:DD:EE:09"), "none");
  EXPECT_EQ(chosen("Lake"), "none");
  EXPECT_EQ(chosen("Headphones"), "Headphones");
}

TEST(BluezObjects, SeveralAreListedWithTheKeyToSet) {
  const auto words = chosen("");
  EXPECT_NE(words.find("Hill_ab12 (AA:BB:CC:DD:EE:01)"), std::string::npos) << words;
  EXPECT_NE(words.find("Lake_cd34"), std::string::npos) << words;
  EXPECT_EQ(words.find("Headphones"), std::string::npos) << words;
  EXPECT_NE(words.find("ble_address"), std::string::npos) << words;
}

TEST(BluezObjects, ReadsOnlyWhatHasTheExpectedForm) {
  Objects objects;
  auto& strange = objects["/org/bluez/hci0/dev_1"]["org.bluez.Device1"];
  strange.emplace("Adapter", sdbus::ObjectPath(kHci));
  strange.emplace("Address", std::uint32_t{7});
  strange.emplace("Paired", std::string("yes"));
  strange.emplace("UUIDs", std::string(kServiceUuid));
  const auto devices = list_devices(objects, kHci);
  ASSERT_EQ(devices.size(), 1U);
  EXPECT_EQ(devices[0].address, "");
  EXPECT_FALSE(devices[0].paired);
  EXPECT_FALSE(devices[0].is_meshtastic);
  EXPECT_TRUE(list_devices(objects, "/org/bluez/hci1").empty());
}

TEST(BluezObjects, FindsTheCharacteristicsOfThisDeviceOnly) {
  Objects objects;
  const std::string other = "/org/bluez/hci0/dev_10/service1/char";
  for (const char* uuid : {kToRadioUuid, kFromRadioUuid, kFromNumUuid}) {
    objects[other + uuid[0]]["org.bluez.GattCharacteristic1"] = characteristic(uuid);
  }
  EXPECT_FALSE(find_characteristics(objects, "/org/bluez/hci0/dev_1"));
  const auto found = find_characteristics(objects, "/org/bluez/hci0/dev_10");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->to_radio, other + "f");
  EXPECT_EQ(found->from_radio, other + "2");
  EXPECT_EQ(found->from_num, other + "e");
}

}  // namespace
}  // namespace mmm::agent::ble
