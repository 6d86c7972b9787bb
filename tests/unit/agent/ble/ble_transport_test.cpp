#include "agent/radio/ble/ble_transport.h"

#include "tests/support/run_coroutine.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace mmm::agent::ble {
namespace {

// What needs no BlueZ; the whole way is tests/integration/agent/test_agent_ble.py.
class BleTransportTest : public ::testing::Test {
 protected:
  BleTransportTest() {
    const auto nowhere = "unix:path=" + (directory / "no-bus").string();
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", nowhere.c_str(), 1);
  }

  test::TempDir directory;
  boost::asio::io_context context{1};
  RealTime time;
};

TEST_F(BleTransportTest, WithoutASystemBusSaysWhatIsMissing) {
  BleTransport transport(context.get_executor(), time, BleOptions{.wanted = "Hill_ab12", .pin = "123456"});
  const auto opened = test::run(context, transport.open());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kUnavailable);
  EXPECT_NE(opened.error().message.find("/run/dbus/system_bus_socket"), std::string::npos) << opened.error().message;
  EXPECT_EQ(transport.description(), "ble Hill_ab12");
}

TEST_F(BleTransportTest, IsALineOnWhichNothingMayBeSaidTwice) {
  const BleTransport transport(context.get_executor(), time, BleOptions{.wanted = "", .pin = ""});
  EXPECT_TRUE(transport.traits().drops_repeats);
  EXPECT_FALSE(transport.traits().carries_text);
  // An ESP32 holds an answer back for 20 s.
  EXPECT_GT(transport.traits().answer_max, std::chrono::seconds{20});
}

}  // namespace
}  // namespace mmm::agent::ble
