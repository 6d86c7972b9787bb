#include "agent/radio/radio_config.h"

#include "tests/support/config_text.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace mmm::agent {
namespace {

using Kind = RadioConfig::Kind;

struct Read {
  RadioConfig radio;
  std::vector<std::string> mistakes;
};

Read read(std::string_view keys, const std::map<std::string, std::string>& variables = {}) {
  auto reader = test::config_of("[meshtastic]\n" + std::string(keys), variables, "agent.ini");
  Read result;
  result.radio = read_radios(reader, "buffer.db").front();
  result.mistakes = reader.finish();
  return result;
}

RadioConfig good(std::string_view keys, const std::map<std::string, std::string>& variables = {}) {
  auto [radio, mistakes] = read(keys, variables);
  EXPECT_TRUE(mistakes.empty()) << mistakes.front();
  return radio;
}

TEST(RadioConfig, ReadsEveryFormOfATcpHost) {
  const auto radio = [](const std::string& host) { return good("connection_type=tcp\ntcp_host=" + host); };
  EXPECT_EQ(radio("radio.local").host, "radio.local");
  EXPECT_EQ(radio("radio.local").port, 4403);
  EXPECT_EQ(radio("10.0.0.1:9").port, 9);
  EXPECT_EQ(radio("fe80::1").host, "fe80::1");
  EXPECT_EQ(radio("fe80::1").port, 4403);
  EXPECT_EQ(radio("[fe80::1]").host, "fe80::1");
  EXPECT_EQ(radio("[fe80::1]:12").host, "fe80::1");
  EXPECT_EQ(radio("[fe80::1]:12").port, 12);
}

TEST(RadioConfig, AutoTakesTheFirstSettingOfThePythonVersionsOrderAndSaysWhy) {
  const auto usb = good("");
  EXPECT_EQ(usb.kind, Kind::kSerial);
  EXPECT_TRUE(usb.device.empty());
  EXPECT_NE(usb.choice.find("USB"), std::string::npos);

  const auto serial = good("device_path=/dev/ttyUSB0\ntcp_host=h\nble_address=AA:BB:CC:DD:EE:FF\n");
  EXPECT_EQ(serial.kind, Kind::kSerial);
  EXPECT_EQ(serial.choice, "connection_type = auto: device_path is set and goes before tcp_host and ble_address");

  EXPECT_EQ(good("tcp_host=h\nble_address=Hill_ab12\n").kind, Kind::kTcp);
  const auto ble = good("device_path=\nble_address=Hill_ab12\n");
  EXPECT_EQ(ble.kind, Kind::kBle);
  EXPECT_EQ(ble.ble_address, "Hill_ab12");
}

TEST(RadioConfig, AnExplicitTypeNeedsWhatBelongsToItAndNothingElse) {
  EXPECT_EQ(good("connection_type=serial\ntcp_host=h\n").kind, Kind::kSerial);
  EXPECT_EQ(good("connection_type=BLE\n").kind, Kind::kBle);
  EXPECT_EQ(read("connection_type=tcp\n").mistakes.size(), 1U);
  EXPECT_EQ(read("connection_type=radio\n").mistakes.size(), 1U);
}

TEST(RadioConfig, ReadsThePinFromAFileOrTheEnvironmentToo) {
  EXPECT_EQ(good("connection_type=ble\nble_pin=012345\n").ble_pin, "012345");
  EXPECT_EQ(good("connection_type=ble\n", {{"MESHTASTIC_BLE_PIN", "123456"}}).ble_pin, "123456");
  const test::TempDir directory;
  std::ofstream(directory / "pin") << "654321\n";
  EXPECT_EQ(good("connection_type=ble\nble_pin_file=" + (directory / "pin").string()).ble_pin, "654321");
}

TEST(RadioConfig, APinHasSixDigitsAndStandsInNoMessage) {
  for (const char* pin : {"12345", "1234567", "12345a", "+12345"}) {
    const auto mistakes = read(std::string("connection_type=ble\nble_pin=") + pin).mistakes;
    ASSERT_EQ(mistakes.size(), 1U) << pin;
    EXPECT_NE(mistakes[0].find("agent.ini:3: [meshtastic] ble_pin"), std::string::npos) << mistakes[0];
    EXPECT_EQ(mistakes[0].find(pin), std::string::npos) << mistakes[0];
  }
}

}  // namespace
}  // namespace mmm::agent
