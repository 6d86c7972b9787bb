#pragma once

#include "core/base/result.h"
#include "core/mesh/decrypt.h"
#include "core/store/packet_log.h"
#include "ingest/project/index_build.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace mmm::ingest {

struct RebuildState {
  bool running = false;
  double share = 0;  // 0 to 1
  std::uint64_t records = 0;
  std::uint64_t finished = 0;  // new indexes put in place since the start
  std::string failure;         // of the last one; empty: none
};

// Makes a new index beside the one that serves, on a thread of its own at low priority, while the projector follows the
// log with the old one. What a stop interrupts goes on at the next start().
//
// Use: start() -> on_ready is called on its thread -> put_in_place() by the projector -> start() again, some day.
// Concurrency: state() and start() from any thread; put_in_place() and stop() by the projector.
class Rebuilder {
 public:
  // `log` must outlive it.
  // Leaves out what came to the log less than `delay` ago.
  Rebuilder(const store::PacketLog& log, const mesh::Keyring& keys, const ProjectionOptions& options,
            std::chrono::microseconds delay, std::filesystem::path index_path, std::function<void()> on_ready);
  ~Rebuilder();
  Rebuilder(const Rebuilder&) = delete;
  Rebuilder& operator=(const Rebuilder&) = delete;

  // An interrupted run has left something to go on with.
  [[nodiscard]] bool is_unfinished() const;
  // Fails with kUnavailable when it is at work already.
  Result<> start(std::string_view why);
  // A new index waits to be put in place.
  [[nodiscard]] bool ready() const { return ready_; }
  // Renames the new index over the old one, whose writer must be closed.
  Result<> put_in_place();
  void stop();
  [[nodiscard]] RebuildState state() const;

  // Where an index is made before it takes the place of the one at `index_path`.
  static std::filesystem::path beside(const std::filesystem::path& index_path);

 private:
  void run();
  Result<bool> build();
  [[nodiscard]] Result<> check_room() const;

  const store::PacketLog& log_;
  mesh::Keyring keys_;
  ProjectionOptions options_;
  std::chrono::microseconds delay_;
  std::filesystem::path index_path_;
  std::function<void()> on_ready_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> ready_{false};

  mutable std::mutex mutex_;
  std::unique_ptr<IndexBuild> build_;  // made and destroyed under the mutex, used by the thread
  RebuildState state_;
  std::thread thread_;
};

}  // namespace mmm::ingest
