#include "core/async/service_manager.h"

#include "core/async/task_group.h"
#include "tests/support/temp_dir.h"
#include "tests/support/virtual_time.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <vector>

namespace mmm {
namespace {

using namespace std::chrono_literals;

// As systemd: a socket that programs send datagrams to.
class ServiceManagerTest : public testing::Test {
 protected:
  ServiceManagerTest() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  ~ServiceManagerTest() override {
    ::close(socket_);
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
    ::unsetenv("WATCHDOG_PID");
  }

  // `address` as systemd writes it: a path, or '@' for a name without a file.
  void listen(const std::string& address) {
    sockaddr_un name{.sun_family = AF_UNIX, .sun_path = {}};
    std::memcpy(name.sun_path, address.data(), address.size());
    if (address[0] == '@') name.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    ASSERT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&name), size), 0);
    ::setenv("NOTIFY_SOCKET", address.c_str(), 1);
  }

  std::vector<std::string> received() {
    std::vector<std::string> messages;
    for (;;) {
      std::array<char, 1000> buffer;
      const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), 0);
      if (size < 0) return messages;
      messages.emplace_back(buffer.data(), static_cast<std::size_t>(size));
    }
  }

  test::TempDir dir_;
  int socket_;
};

TEST_F(ServiceManagerTest, IsToldOfEachState) {
  listen((dir_ / "notify").string());
  test::VirtualTime time;
  ServiceManager manager;
  ASSERT_TRUE(manager.present());
  EXPECT_EQ(std::getenv("NOTIFY_SOCKET"), nullptr);
  manager.ready("serving");
  manager.reloading(time);
  manager.stopping();
  EXPECT_EQ(received(), (std::vector<std::string>{"READY=1\nSTATUS=serving", "RELOADING=1\nMONOTONIC_USEC=86400000000",
                                                  "STOPPING=1\nSTATUS=stopping"}));
}

TEST_F(ServiceManagerTest, HasNamesWithoutAFile) {
  listen("@mmm-service-manager-test-" + std::to_string(::getpid()));
  ServiceManager manager;
  manager.ready("x");
  EXPECT_EQ(received().size(), 1U);
}

TEST_F(ServiceManagerTest, NobodyIsToldWhereThereIsNone) {
  ServiceManager none;
  EXPECT_FALSE(none.present());
  none.ready("x");
  ::setenv("NOTIFY_SOCKET", (dir_ / "nobody").c_str(), 1);
  ServiceManager away;
  EXPECT_FALSE(away.present());
  away.stopping();
  ::setenv("NOTIFY_SOCKET", "vsock:2:1234", 1);
  EXPECT_FALSE(ServiceManager().present());
}

TEST_F(ServiceManagerTest, HearsThatTheProgramLivesOnlyWhileItIsWell) {
  listen((dir_ / "notify").string());
  ::setenv("WATCHDOG_USEC", "20000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  boost::asio::io_context context;
  test::VirtualTime time;
  ServiceManager manager;
  bool is_well = true;
  TaskGroup tasks(context.get_executor());
  tasks.spawn("watchdog", manager.keep_alive(time, [&is_well] { return is_well; }));
  time.run_for(context, 95s);
  EXPECT_EQ(received(), std::vector<std::string>(10, "WATCHDOG=1"));
  is_well = false;
  time.run_for(context, 95s);
  EXPECT_TRUE(received().empty());
  tasks.cancel();
  test::run(context, tasks.join());
}

TEST_F(ServiceManagerTest, TheWatchdogOfAnotherProcessIsNotOurs) {
  listen((dir_ / "notify").string());
  ::setenv("WATCHDOG_USEC", "20000000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  boost::asio::io_context context;
  test::VirtualTime time;
  ServiceManager manager;
  test::run(context, manager.keep_alive(time, [] { return true; }));
  EXPECT_TRUE(received().empty());
}

}  // namespace
}  // namespace mmm
