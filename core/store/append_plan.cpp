#include "core/store/append_plan.h"

#include <algorithm>
#include <span>

namespace mmm::store {

LogId AppendPlan::take_ids(std::int64_t now_us, std::size_t records) {
  const LogId now = now_us > 0 ? static_cast<LogId>(now_us) : 0;
  const LogId first = std::max(now, last_id_ + 1);
  last_id_ = first + std::max<std::size_t>(records, 1) - 1;
  return first;
}

Result<AppendOutcome> AppendPlan::add(const PendingUpload& upload, std::int64_t now_us) {
  const upload::UploadView& view = upload.view;
  std::string key = mark_key(view.header.agent_id(), view.header.stream_id());
  auto mark = marks_.get(key);
  if (!mark) return fail(std::move(mark).error());

  // Seqs rise, so what is already there stands in front.
  const auto first_new =
      std::ranges::upper_bound(view.records, *mark, {}, [](const upload::RecordView& record) { return record.seq; });
  const auto duplicates = static_cast<std::size_t>(first_new - view.records.begin());
  const std::size_t stored = view.records.size() - duplicates;
  AppendOutcome outcome;
  outcome.duplicates = static_cast<std::uint32_t>(duplicates);
  outcome.stored = static_cast<std::uint32_t>(stored);
  outcome.durable_seq = std::max(*mark, view.last_seq);
  // An upload without any record is kept for its header, the agent's sign of life; one without a new record is not.
  const bool heartbeat = view.records.empty() && view.refused.empty();
  if (stored == 0 && !heartbeat) return outcome;

  ChunkToWrite chunk;
  chunk.head.records = outcome.stored;
  if (duplicates != 0 || !view.refused.empty()) {
    const auto fields = std::span(view.record_fields).subspan(duplicates);
    chunk.body = copies_.emplace_back(upload::copy_upload(view.header_bytes, fields));
  } else if (!upload.compressed_body.empty() && upload.compressed_body.size() < upload.body.size()) {
    chunk.head.encoding = ChunkEncoding::kZstd;
    chunk.body = upload.compressed_body;
  } else {
    chunk.body = upload.body;
  }
  chunk.first_id = take_ids(now_us, stored);
  if (stored != 0) {
    chunk.mark_seq = view.records.back().seq;
    marks_.set(key, chunk.mark_seq);
  }
  // A stream that has only given a sign of life leaves a mark too: it must be known after a restart.
  if (stored != 0 || *mark == 0) chunk.mark_key = keys_.emplace_back(std::move(key));
  outcome.first_id = chunk.first_id;
  bytes_ += chunk.body.size();
  chunks_.push_back(chunk);
  return outcome;
}

void AppendPlan::clear() {
  chunks_.clear();
  copies_.clear();
  keys_.clear();
  bytes_ = 0;
}

}  // namespace mmm::store
