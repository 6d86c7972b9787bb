#pragma once

#include "core/store/chunk.h"
#include "core/store/log_id.h"

#include <atomic>
#include <cstdint>
#include <span>

namespace mmm::ingest {

// How much of the log is not applied yet, estimated from what was read last. Written by the projector's thread and by
// notify(), read from any.
class Lag {
 public:
  // `chunks` were read and are about to be applied; the log goes on to `last`, with as many records a second.
  void read(std::span<const store::StoredChunk> chunks, store::LogId last);
  void committed(std::uint64_t records);
  // Nothing is left to be applied.
  void clear();
  // The first record after there was nothing.
  void begin(store::LogId first) { oldest_ = first; }

  [[nodiscard]] std::uint64_t records() const { return records_; }
  // Not applied; 0: none known.
  [[nodiscard]] store::LogId oldest() const { return oldest_; }

 private:
  std::atomic<store::LogId> oldest_{0};
  std::atomic<std::uint64_t> records_{0};
};

}  // namespace mmm::ingest
