#pragma once

#include "core/base/result.h"
#include "core/mesh/decrypt.h"
#include "core/store/index/index_writer.h"
#include "core/store/packet_log.h"
#include "ingest/project/projection.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>

namespace mmm::ingest {

// Makes an index from the log in a file of its own, in steps. What a build that was killed has committed is gone on
// with, if schema, keys and options are still the same.
//
// Concurrency: one thread; share() and records() from any.
class IndexBuild {
 public:
  // `log` and `keys` must outlive it. Uploads with an id beyond `until` are left out.
  static Result<std::unique_ptr<IndexBuild>> open(const store::PacketLog& log, mesh::Keyring& keys,
                                                  const ProjectionOptions& options, std::filesystem::path path,
                                                  store::LogId until = std::numeric_limits<store::LogId>::max());
  ~IndexBuild();

  // Not empty: the file had records already, or why what was there is not gone on with. One line for a person.
  [[nodiscard]] const std::string& begun_with() const { return begun_with_; }

  // Folds and commits what the log gives at one read; false: there is nothing more. Fails as Projection and, reading
  // the log, with kIo.
  Result<bool> advance();
  // Moves everything into the file itself and closes it, ready to be renamed.
  Result<> finish();

  [[nodiscard]] store::LogId cursor() const { return cursor_; }
  // Records applied by this object.
  [[nodiscard]] std::uint64_t records() const { return records_; }
  // Done of the log, 0 to 1, by the time its records came.
  [[nodiscard]] double share() const;

 private:
  IndexBuild(const store::PacketLog& log, mesh::Keyring& keys, const ProjectionOptions& options,
             std::filesystem::path path);
  Result<> begin();
  Result<> begin_anew(std::string_view why);
  Result<bool> resume();
  Result<> commit();

  const store::PacketLog& log_;
  mesh::Keyring& keys_;
  ProjectionOptions options_;
  std::filesystem::path path_;
  std::string begun_with_;
  store::LogId first_ = 0;
  store::LogId until_ = 0;
  std::unique_ptr<index::IndexWriter> writer_;
  std::unique_ptr<Projection> projection_;
  std::atomic<store::LogId> cursor_{0};
  std::atomic<std::uint64_t> records_{0};
};

}  // namespace mmm::ingest
