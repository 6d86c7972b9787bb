#include "ingest/project/trim_pass.h"

#include "core/base/limits.h"

#include <algorithm>
#include <utility>

namespace mmm::ingest {

TrimPass::TrimPass(const index::Retention& retention, Clock clock)
    : retention_(retention),
      clock_(std::move(clock)),
      wanted_(clock_ && std::ranges::any_of(retention_, [](const auto& keep) { return keep.has_value(); })) {}
TrimPass::~TrimPass() = default;

void TrimPass::forget() {
  trimmer_.reset();
  next_us_ = 0;
}

bool TrimPass::begin(index::IndexWriter& writer, store::LogId newest) {
  if (!wanted_) return false;
  const auto now = clock_();
  if (!now || to_micros(*now) < next_us_) return false;
  next_us_ = to_micros(*now) + std::chrono::microseconds(limits::kRetentionInterval).count();
  now_us_ = std::min(to_micros(*now), static_cast<std::int64_t>(newest));
  data_ = 0;
  trimmer_ = std::make_unique<index::Trimmer>(writer.connection());
  return true;
}

Result<bool> TrimPass::step(index::IndexWriter& writer, store::LogId newest) {
  removed_ = 0;
  if (!trimmer_ && !begin(writer, newest)) return false;
  auto more = trim(writer, newest);
  if (!more || !*more) trimmer_.reset();
  return more;
}

Result<bool> TrimPass::trim(index::IndexWriter& writer, store::LogId newest) {
  if (data_ == index::kDataClasses) {
    auto given = index::give_back_pages(writer.connection(), limits::kRetentionPagesPerStep);
    if (!given) return fail(given.error());
    return *given > 0;
  }
  const auto& keep = retention_[data_];
  if (!keep) {
    ++data_;
    return true;
  }
  const std::uint64_t before = trimmer_->removed();
  if (auto begun = writer.begin(); !begun) return fail(begun.error());
  auto more = trimmer_->step(static_cast<index::DataClass>(data_), now_us_ - *keep, limits::kRetentionRowsPerStep);
  if (more) {
    if (auto committed = writer.commit(newest); !committed) more = fail(committed.error());
  }
  if (!more) {
    writer.rollback();
    return more;
  }
  removed_ = trimmer_->removed() - before;
  if (!*more) ++data_;
  return true;
}

}  // namespace mmm::ingest
