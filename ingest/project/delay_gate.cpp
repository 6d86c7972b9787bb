#include "ingest/project/delay_gate.h"

#include "core/base/time.h"

#include <algorithm>
#include <limits>

namespace mmm::ingest {
namespace {

constexpr std::chrono::seconds kPauseMin{1};

}  // namespace

store::LogId shown_until(std::chrono::microseconds delay) {
  if (delay.count() == 0) return std::numeric_limits<store::LogId>::max();
  return static_cast<store::LogId>(std::max<std::int64_t>(0, to_micros(wall_now() - delay)));
}

void DelayGate::pass(std::vector<store::StoredChunk>& chunks) {
  holds_ = false;
  const store::LogId until = shown_until(delay_);
  const auto young =
      std::ranges::find_if(chunks, [until](const store::StoredChunk& chunk) { return chunk.last_id() > until; });
  if (young == chunks.end()) return;
  holds_ = young == chunks.begin();
  pause_ = std::max<std::chrono::microseconds>(kPauseMin, std::chrono::microseconds(young->last_id() - until));
  chunks.erase(young, chunks.end());
}

}  // namespace mmm::ingest
