#include "ingest/project/rebuild_progress.h"

#include "core/log/log.h"

namespace mmm::ingest {

void RebuildProgress::show(const store::PacketLog& log, store::LogId cursor, std::uint64_t records) {
  if (records < next_) return;
  next_ = records + kEvery;
  const auto first = log.first_id();
  if (!first || log.last_durable() <= *first) return;
  const double share = static_cast<double>(cursor - *first) / static_cast<double>(log.last_durable() - *first);
  log::info("ingest/project", "building the index: {:.0f} % ({} records)", share * 100, records);
}

}  // namespace mmm::ingest
