#pragma once

#include "core/base/limits.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace mmm {

// Ends the process when stopping takes too long, so that a hanging disk or peer cannot keep it for ever. Make it when
// stopping begins; destroy it when everything has ended. On expiry: one log line, then exit code kExitCode without any
// clean-up. What was acknowledged is on disk before that, as after kill -9.
//
// It has a thread of its own and real time, for what it guards against is that others hang.
class ShutdownWatchdog {
 public:
  static constexpr int kExitCode = 3;

  explicit ShutdownWatchdog(std::chrono::milliseconds limit = limits::kShutdownMax);
  ~ShutdownWatchdog();
  ShutdownWatchdog(const ShutdownWatchdog&) = delete;
  ShutdownWatchdog& operator=(const ShutdownWatchdog&) = delete;

 private:
  void watch(std::chrono::milliseconds limit);

  std::mutex mutex_;
  std::condition_variable ended_changed_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace mmm
