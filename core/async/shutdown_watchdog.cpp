#include "core/async/shutdown_watchdog.h"

#include "core/log/log.h"

#include <cstdlib>

namespace mmm {

ShutdownWatchdog::ShutdownWatchdog(std::chrono::milliseconds limit) : thread_([this, limit] { watch(limit); }) {}

ShutdownWatchdog::~ShutdownWatchdog() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ended_changed_.notify_one();
  thread_.join();
}

void ShutdownWatchdog::watch(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  if (ended_changed_.wait_for(lock, limit, [this] { return ended_; })) return;
  log::critical("core/async", "stopping took longer than {} ms: exiting without waiting for the rest", limit.count());
  std::_Exit(kExitCode);
}

}  // namespace mmm
