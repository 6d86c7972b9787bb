#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/store/index/index_writer.h"
#include "core/store/index/retention.h"
#include "core/store/log_id.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace mmm::ingest {

// Removes from the index what retention no longer keeps: now and then a pass, made of steps small enough to go between
// the projection's transactions. Age counts from the newest record, so that an index to which nothing comes loses
// nothing.
//
// The projector's thread. A pass belongs to one index: forget() when another one is opened.
class TrimPass {
 public:
  // Now by a clock that can be trusted, else empty; see SettledClock.
  using Clock = std::function<std::optional<WallTime>()>;

  TrimPass(const index::Retention& retention, Clock clock);
  ~TrimPass();
  TrimPass(const TrimPass&) = delete;
  TrimPass& operator=(const TrimPass&) = delete;

  // False: everything is kept for ever.
  [[nodiscard]] bool is_wanted() const { return wanted_; }
  // One step, in a transaction of its own, when a pass is under way or due. `newest`: the last record in the index.
  // False: nothing to do now. A failure ends the pass; the next one goes on with what is left.
  Result<bool> step(index::IndexWriter& writer, store::LogId newest);
  void forget();
  // Rows removed by the last step.
  [[nodiscard]] std::uint64_t removed() const { return removed_; }

 private:
  [[nodiscard]] bool begin(index::IndexWriter& writer, store::LogId newest);
  Result<bool> trim(index::IndexWriter& writer, store::LogId newest);

  index::Retention retention_;
  Clock clock_;
  bool wanted_;
  std::unique_ptr<index::Trimmer> trimmer_;  // null: no pass is under way
  std::size_t data_ = 0;                     // the class at hand; kDataClasses: empty pages are given back
  std::int64_t now_us_ = 0;
  std::int64_t next_us_ = 0;
  std::uint64_t removed_ = 0;
};

}  // namespace mmm::ingest
