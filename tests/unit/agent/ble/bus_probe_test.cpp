#include "agent/radio/ble/bus_probe.h"

#include "tests/support/run_coroutine.h"
#include "tests/support/temp_dir.h"

#include <boost/asio/local/stream_protocol.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

namespace mmm::agent::ble {
namespace {

using namespace std::chrono_literals;

TEST(BusProbe, FindsTheSocketInAnAddress) {
  EXPECT_EQ(bus_socket("unix:path=/run/dbus/system_bus_socket"), "/run/dbus/system_bus_socket");
  EXPECT_EQ(bus_socket("unix:guid=1,path=/a%20b,x=y;unix:path=/second"), "/a b");
  EXPECT_EQ(bus_socket("unix:abstract=/tmp/x"), std::string("\0/tmp/x", 7));
  EXPECT_FALSE(bus_socket("unix:path=/" + std::string(200, 'x')));
  for (const char* other : {"", "tcp:host=h,port=1", "unix:", "unix:tmpdir=/tmp", "unix:path", "unix:path="}) {
    EXPECT_FALSE(bus_socket(other)) << other;
  }
}

// A daemon that stands still takes connections all the same: the kernel does it.
TEST(BusProbe, ADaemonThatStandsStillIsNotWaitedForLongerThanAllowed) {
  const test::TempDir directory;
  boost::asio::io_context context{1};
  RealTime time;
  const auto path = (directory / "bus").string();
  ::setenv("DBUS_SYSTEM_BUS_ADDRESS", ("unix:path=" + path).c_str(), 1);
  const boost::asio::local::stream_protocol::acceptor silent(context, path);
  const auto answered = test::run(context, probe_system_bus(time, time.steady() + 50ms));
  ASSERT_FALSE(answered);
  EXPECT_EQ(answered.error().kind, ErrorKind::kTimeout);
}

}  // namespace
}  // namespace mmm::agent::ble
