#include "agent/buffer/statements.h"
#include "core/base/check.h"
#include "core/base/limits.h"

namespace mmm::agent {
namespace {

// Deleting is spread over the acknowledgements, so that none takes long: four times what a batch brings.
constexpr std::int64_t kDeleteRecordsMax = 4 * static_cast<std::int64_t>(limits::kUploadRecordsDefault);
// Free pages are used again by new records. Only what a backlog has left behind is given back to the file system, in
// steps, because each page given back is moved and so written.
constexpr std::int64_t kFreePagesKept = 1024;
constexpr const char* kGiveBackStep = "PRAGMA incremental_vacuum(256)";

}  // namespace

Result<> Buffer::acknowledge(std::size_t server, const Acknowledgement& acknowledgement, std::int64_t now_us) {
  Figures figures = figures_;
  Cursor& cursor = figures.cursors[places_.at(server)];
  // The size cap may have overtaken the batch while it was on its way: those records are counted as dropped already.
  // The server has them none the less; its own counts show it.
  if (acknowledgement.upto <= cursor.acknowledged_seq) return {};
  auto body = [&]() -> Result<> {
    auto& count = statements_->count_between;
    auto row = count.bind(cursor.acknowledged_seq, acknowledgement.upto).step();
    if (!row) return fail(row.error());
    const auto settled = static_cast<std::uint64_t>(count.integer(0));
    count.reset();
    const auto still_here = [&](const SetAside& refused) { return refused.seq > cursor.acknowledged_seq; };
    const auto set_aside = static_cast<std::uint64_t>(std::ranges::count_if(acknowledgement.set_aside, still_here));
    MMM_CHECK(set_aside <= settled);
    const std::uint64_t filtered = std::min(acknowledgement.filtered, settled - set_aside);
    cursor.ledger.set_aside += set_aside;
    cursor.ledger.filtered += filtered;
    cursor.ledger.delivered += settled - set_aside - filtered;
    cursor.ledger.duplicate += std::min(acknowledgement.duplicate, settled - set_aside - filtered);
    for (const auto& refused : acknowledgement.set_aside) {
      auto& keep = statements_->set_aside;
      keep.bind(cursor.row, std::string_view(refused.reason), now_us, refused.seq);
      if (auto result = keep.run(); !result) return result;
    }
    if (set_aside > 0) {
      if (auto result = trim_set_aside(cursor); !result) return result;
    }
    cursor.acknowledged_seq = acknowledgement.upto;
    if (auto result = delete_settled(figures); !result) return result;
    return write_figures(figures);
  };
  if (auto result = transaction(body); !result) return result;
  figures_ = std::move(figures);
  return give_back_pages();
}

Result<> Buffer::delete_settled(Figures& figures) {
  std::uint64_t upto = figures.next_seq;
  for (const auto& cursor : figures.cursors) {
    if (cursor.configured) upto = std::min(upto, cursor.acknowledged_seq);
  }
  auto& settled = statements_->settled;
  auto row = settled.bind(upto, kDeleteRecordsMax).step();
  if (!row) return fail(row.error());
  const bool nothing = settled.is_null(0);
  const auto last = static_cast<std::uint64_t>(settled.integer(0));
  settled.reset();
  if (nothing) return {};
  for (auto& cursor : figures.cursors) {
    if (cursor.acknowledged_seq >= last) continue;
    auto& count = statements_->count_between;
    auto counted = count.bind(cursor.acknowledged_seq, last).step();
    if (!counted) return fail(counted.error());
    cursor.ledger.dropped += static_cast<std::uint64_t>(count.integer(0));
    count.reset();
    cursor.acknowledged_seq = last;
  }
  return statements_->remove.bind(last).run();
}

Result<> Buffer::trim_set_aside(const Cursor& cursor) {
  return statements_->trim_set_aside.bind(cursor.row, limits::kAgentSetAsideRecordsMax).run();
}

Result<> Buffer::give_back_pages() {
  auto& free_pages = statements_->free_pages;
  auto row = free_pages.step();
  if (!row) return fail(row.error());
  const std::int64_t free = *row ? free_pages.integer(0) : 0;
  free_pages.reset();
  if (free <= kFreePagesKept) return {};
  return database_.execute(kGiveBackStep);
}

}  // namespace mmm::agent
