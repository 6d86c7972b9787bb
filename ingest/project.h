#pragma once

#include "core/base/result.h"
#include "core/store/applied_feed.h"
#include "core/store/index/retention.h"
#include "core/store/log_id.h"
#include "ingest/project/options.h"
#include "ingest/project/rebuilder.h"
#include "ingest/project/trim_pass.h"
#include "metrics/registry.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <string>

namespace mmm::store {
class PacketLog;
}
namespace mmm::mesh {
class Keyring;
}

namespace mmm::ingest {

struct ProjectionState {
  store::LogId last_id = 0;       // the last record that is in the index; 0 none
  std::uint64_t lag_records = 0;  // due but not yet applied; an estimate while it catches up with an old log
  double lag_seconds = 0;         // since the oldest record that is not applied came; 0 none
  bool rebuilding = false;        // the index was missing or unusable and is being made again from the log
  bool caught_up = false;         // true once the first catch-up after the start is done
  std::string failure;            // not empty: the projection has stopped, and why
};

struct ProjectorOptions {
  std::filesystem::path index_path;
  ProjectionOptions projection{};
  // Records come into the index so long after they came to the log, and not before.
  std::chrono::microseconds delay{};
  // How long rows are kept. Without a clock: for ever.
  index::Retention retention{};
  TrimPass::Clock retention_clock{};
  // Called once on the projector's thread when it has to stop (disk failure); the program should end.
  std::function<void(const Error&)> on_failure;
};

// Folds the packet log into the index: a thread that follows the log from the index's own cursor.
//
// Lifecycle: start() -> stop(). start() opens or makes the index, so that readers can open it when it returns; a file
// that is damaged or of an older version is removed and built again while the program already serves. stop() finishes
// the transaction at hand, blocks until the thread has ended, and is idempotent. Concurrency: notify() and state() from
// any thread. A full disk is waited out; other failures of the index's file call on_failure.
class Projector {
 public:
  // Fails with kNewerVersion when a later version of the program made the index, kIo when the file cannot be opened.
  // `log`, `feed` and `registry` must outlive it. A keyring serves one thread: this one is the projector's own.
  static Result<std::unique_ptr<Projector>> start(const store::PacketLog& log, std::unique_ptr<mesh::Keyring> keys,
                                                  store::AppliedFeed& feed, metrics::Registry& registry,
                                                  ProjectorOptions options);
  ~Projector();
  Projector(const Projector&) = delete;
  Projector& operator=(const Projector&) = delete;

  // For LogWriter::on_durable: records up to `last` are durable. Cheap, never blocks for long.
  void notify(store::LogId last);
  void stop();
  [[nodiscard]] ProjectionState state() const;

  // Makes the index anew from the log while the old one serves. Fails as may_reindex(), and with kUnavailable while it
  // is at it already.
  Result<> rebuild(bool drop_older);
  [[nodiscard]] RebuildState rebuild_state() const;

  // The last record of the log that the index, or one that is being made, no longer needs; 0: none.
  [[nodiscard]] store::LogId log_may_go() const;

 private:
  struct Impl;
  explicit Projector(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Called now and then with the share done, 0 to 1, and the records applied so far.
using ReindexProgress = std::function<void(double share, std::uint64_t records)>;

// Builds the index anew from the log into a file beside `index_path` and puts it in its place when it is whole; the old
// one can be read meanwhile. Goes on with what an interrupted run left, which `say` is told, or why not. Not while a
// server writes to it. Uploads with an id beyond `until` are left out. Returns the number of records applied by this
// run.
Result<std::uint64_t> reindex(const store::PacketLog& log, mesh::Keyring& keys, const ProjectionOptions& options,
                              const std::filesystem::path& index_path, const ReindexProgress& progress,
                              const std::function<void(const std::string&)>& say = {},
                              store::LogId until = std::numeric_limits<store::LogId>::max());

// Fails with kInvalidArgument when the log lacks what retention removed from it, which an index made anew would lack
// too, unless that is wanted.
Result<> may_reindex(const store::PacketLog& log, bool drop_older);

// Removes the index, so that it is made anew from the log. When the log does not go back as far, the file is kept
// beside as FILE.kept, unless one of that name is there already.
Result<> clear_index(const store::PacketLog& log, const std::filesystem::path& index_path);

}  // namespace mmm::ingest
