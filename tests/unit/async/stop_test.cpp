#include "core/async/shutdown_watchdog.h"
#include "core/async/stop_signals.h"
#include "core/log/log.h"
#include "tests/support/run_coroutine.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <csignal>

namespace mmm {
namespace {

TEST(StopSignals, TellStopFromReloadAndLoseNone) {
  boost::asio::io_context context(1);
  StopSignals signals(context.get_executor());
  for (const int number : {SIGTERM, SIGHUP, SIGINT}) {
    std::raise(number);
    EXPECT_EQ(test::run(context, signals.next()), number == SIGHUP ? StopSignal::kReload : StopSignal::kStop);
  }
}

TEST(ShutdownWatchdogDeathTest, EndsTheProcessWhenStoppingHangs) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto hang = [] {
    log::start(log::Level::kInfo);
    const ShutdownWatchdog watchdog(std::chrono::milliseconds{20});
    std::this_thread::sleep_for(std::chrono::hours{1});
  };
  EXPECT_EXIT(hang(), ::testing::ExitedWithCode(ShutdownWatchdog::kExitCode), "stopping took longer than 20 ms");
}

TEST(ShutdownWatchdog, DoesNothingWhenStoppingEndsInTime) {
  const ShutdownWatchdog watchdog(std::chrono::hours{1});
}

}  // namespace
}  // namespace mmm
