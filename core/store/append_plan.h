#pragma once

#include "core/base/result.h"
#include "core/store/log_writer.h"
#include "core/store/packet_log.h"
#include "core/store/stream_marks.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace mmm::store {

// What one group commit will write: for each upload its chunk, without the records that its stream's mark says are
// there. Pure but for the marks, so that it can be tested without threads. The writer's thread only.
class AppendPlan {
 public:
  explicit AppendPlan(StreamMarks& marks) : marks_(marks) {}

  // Plans one upload, which must live until the plan is cleared. Its ids start at `now_us` or, when ids are already
  // beyond, after the last of them. Fails when the mark cannot be read; nothing is planned then.
  Result<AppendOutcome> add(const PendingUpload& upload, std::int64_t now_us);

  // The last id in use; the next chunk lies above it.
  void set_last_id(LogId last) { last_id_ = last; }

  [[nodiscard]] const std::vector<ChunkToWrite>& chunks() const { return chunks_; }
  // Bytes of the chunks' bodies.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  void clear();

 private:
  LogId take_ids(std::int64_t now_us, std::size_t records);

  StreamMarks& marks_;
  LogId last_id_ = 0;
  std::vector<ChunkToWrite> chunks_;
  std::size_t bytes_ = 0;
  // What the chunks' views point into; a deque does not move its strings.
  std::deque<std::string> copies_;
  std::deque<std::string> keys_;
};

}  // namespace mmm::store
