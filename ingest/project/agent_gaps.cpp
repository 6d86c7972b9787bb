#include "ingest/project/agent_gaps.h"

#include "core/base/encoding.h"

#include <algorithm>
#include <utility>

namespace mmm::ingest {
namespace {

using index::GapCause;

// A buffer that takes the place of another within this time has missed next to nothing.
constexpr std::int64_t kNewBufferUs = 60'000'000;

// How much a counter of the ledger has risen. One that fell belongs to another buffer.
std::uint64_t risen(std::uint64_t known, std::uint64_t now) {
  return now > known ? now - known : 0;
}

void end_away(index::StreamRow& stream, std::int64_t until_us, std::vector<index::GapRow>& gaps) {
  if (stream.away_us == 0) return;
  gaps.push_back({.agent = stream.agent,
                  .start_us = stream.away_us,
                  .cause = GapCause::kRadioAway,
                  .until_us = std::max(until_us, stream.away_us),
                  .reason = std::exchange(stream.away_reason, {}),
                  .radio = stream.name});
  stream.away_us = 0;
}

}  // namespace

void note_losses(const index::StreamRow& stream, const upload::Ledger& ledger, std::int64_t first_us,
                 std::vector<index::GapRow>& gaps) {
  const std::pair<GapCause, std::uint64_t> losses[] = {
      {GapCause::kBufferFull, risen(stream.ledger.dropped, ledger.dropped())},
      {GapCause::kSetAside, risen(stream.ledger.set_aside, ledger.set_aside())}};
  for (const auto& [cause, records] : losses) {
    if (records == 0) continue;
    // What was lost before anything came has no beginning that is known.
    const std::int64_t start_us = stream.last_us == 0 ? first_us - 1 : stream.last_us;
    gaps.push_back({.agent = stream.agent,
                    .start_us = start_us,
                    .cause = cause,
                    .until_us = std::max(start_us, first_us),
                    .records = records,
                    .radio = stream.name});
  }
}

void note_new_buffer(const index::StreamRow& stream, std::int64_t last_us, std::int64_t first_us,
                     std::vector<index::GapRow>& gaps) {
  if (last_us == 0 || first_us - last_us < kNewBufferUs) return;
  gaps.push_back({.agent = stream.agent,
                  .start_us = last_us,
                  .cause = GapCause::kNewBuffer,
                  .until_us = first_us,
                  .radio = stream.name});
}

void note_status(index::StreamRow& stream, const upload::AgentStatus& status, std::int64_t heard_us,
                 std::vector<index::GapRow>& gaps) {
  const auto started_us = static_cast<std::int64_t>(status.started_us());
  if (started_us != 0 && std::exchange(stream.started_us, started_us) != started_us && stream.last_us != 0) {
    end_away(stream, stream.last_us, gaps);
    gaps.push_back({.agent = stream.agent,
                    .start_us = stream.last_us,
                    .cause = GapCause::kAgentStopped,
                    .until_us = std::max(stream.last_us, heard_us),
                    .radio = stream.name});
  }
  switch (status.link_state()) {
    case upload::AgentStatus::LINK_STATE_READY:
      end_away(stream, heard_us, gaps);
      break;
    case upload::AgentStatus::LINK_STATE_CONNECTING:
    case upload::AgentStatus::LINK_STATE_DOWN:
      if (stream.away_us == 0) stream.away_us = heard_us;
      if (!status.link_reason().empty()) stream.away_reason = sanitize_utf8(status.link_reason());
      gaps.push_back({.agent = stream.agent,
                      .start_us = stream.away_us,
                      .cause = GapCause::kRadioAway,
                      .reason = stream.away_reason,
                      .radio = stream.name});
      break;
    default:
      break;
  }
}

}  // namespace mmm::ingest
