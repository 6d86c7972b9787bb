#include "ingest/care/check.h"

#include "core/base/file_lock.h"
#include "core/base/limits.h"
#include "core/base/time.h"
#include "core/store/index/compare.h"
#include "core/store/index/meta.h"
#include "core/store/index/retention.h"
#include "core/store/index/schema.h"
#include "core/store/packet_log.h"
#include "ingest/care/log_picture.h"
#include "ingest/keyring.h"
#include "ingest/project/fingerprint.h"
#include "ingest/project/index_build.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

namespace mmm::ingest {
namespace {

constexpr std::size_t kDamagesShownMax = 20;

class Check {
 public:
  Check(const ServerConfig& config, const CareProgress& progress, const Say& say)
      : config_(config), progress_(progress), say_(say) {}

  Result<CheckOutcome> run(bool deep);

 private:
  Result<> open_index();
  Result<> check_index();
  Result<> check_log(const store::PacketLog& log);
  Result<> check_cursor(const store::PacketLog& log);
  Result<> trim_alike(sqlite::Database& made);
  Result<> check_rows(const store::PacketLog& log, const std::filesystem::path& room);
  void damage(const std::string& what) {
    ++outcome_.damages;
    if (say_) say_(what);
  }

  const ServerConfig& config_;
  const CareProgress& progress_;
  const Say& say_;
  std::optional<sqlite::Database> index_;  // in a transaction: as it was in one moment
  store::LogId cursor_ = 0;
  CheckOutcome outcome_;
};

Result<CheckOutcome> Check::run(bool deep) {
  // The index first: the log, pictured later, has every record that is in it.
  if (auto opened = open_index(); !opened) return fail(opened.error());
  auto picture = LogPicture::take(config_);
  if (!picture) return fail(picture.error());
  store::PacketLogOptions options;
  options.create = false;
  options.read_only = true;
  auto log = store::PacketLog::open(picture->path(), options);
  if (!log) return fail(log.error());
  if (auto checked = check_log(**log); !checked) return fail(checked.error());
  if (!index_) return outcome_;
  const std::uint64_t damages = outcome_.damages;
  if (auto checked = check_index(); !checked) return fail(checked.error());
  if (auto checked = check_cursor(**log); !checked) return fail(checked.error());
  if (deep && outcome_.damages == damages) {
    if (auto checked = check_rows(**log, picture->path()); !checked) return fail(checked.error());
  }
  return outcome_;
}

Result<> Check::open_index() {
  std::error_code ignored;
  if (!std::filesystem::exists(config_.index_path(), ignored)) {
    if (config_.index && say_) say_("there is no index: the server makes it from the log when it starts");
    return {};
  }
  const auto not_replaced = FileLock::shared(index::swap_lock_path(config_.index_path()));
  auto opened = sqlite::Database::open(config_.index_path(), {.read_only = true});
  const auto unusable = [this](const Error& error) -> Result<> {
    if (error.kind != ErrorKind::kCorrupt) return fail(error);
    damage(fmt::format("the index is damaged ({}): run mmm-server reindex", error.message));
    return {};
  };
  if (!opened) return unusable(opened.error());
  if (auto begun = opened->execute("BEGIN"); !begun) return unusable(begun.error());
  auto version = opened->user_version();
  if (!version) return unusable(version.error());
  if (*version != index::kSchemaVersion) {
    if (say_)
      say_(fmt::format("the index has version {}, this program makes version {}: not looked at", *version,
                       index::kSchemaVersion));
    return {};
  }
  auto cursor = index::read_meta(*opened, "cursor");
  if (!cursor) return unusable(cursor.error());
  cursor_ = static_cast<store::LogId>(cursor->value_or(0));
  index_.emplace(std::move(*opened));
  return {};
}

Result<> Check::check_log(const store::PacketLog& log) {
  auto first = log.first_id();
  if (!first && first.error().kind != ErrorKind::kCorrupt) return fail(first.error());
  const store::LogId last = log.last_durable();
  const store::LogId begin = first ? *first : 0;
  store::LogId from = 0;
  std::uint64_t damages = 0;
  double bytes = 0;
  std::vector<store::StoredChunk> chunks;
  for (;;) {
    chunks.clear();
    if (auto read = log.read(from, limits::kProjectionReadBytesMax, chunks); !read) return read;
    if (chunks.empty()) break;
    for (const store::StoredChunk& chunk : chunks) {
      outcome_.records += chunk.upload.records.size();
      bytes += chunk.body ? static_cast<double>(chunk.body->size()) : 0;
      if (chunk.damage.empty()) continue;
      ++damages;
      damage(
          fmt::format("records {} to {} of the packet log, uploaded at {}, are damaged and cannot be read ({}): they "
                      "are left out; to have them back restore a backup that is older than the damage",
                      chunk.first_id, chunk.last_id(),
                      to_iso8601(from_micros(static_cast<std::int64_t>(chunk.first_id))), chunk.damage));
    }
    from = chunks.back().last_id() + 1;
    if (progress_) {
      progress_(
          static_cast<double>(from - std::min(begin, from)) / static_cast<double>(std::max(last, begin + 1) - begin),
          bytes / (1U << 20U));
    }
  }
  // Marks and the files' own indexes are not read above.
  auto verified = log.verify_files();
  if (!verified && verified.error().kind != ErrorKind::kCorrupt) return verified;
  if (!verified && damages == 0) {
    damage(
        fmt::format("a file of the packet log is damaged where no record is ({}): make a backup now, then export and "
                    "check what matters",
                    verified.error().message));
  }
  return {};
}

Result<> Check::check_index() {
  auto lines = index::quick_check(*index_, kDamagesShownMax);
  if (!lines && lines.error().kind != ErrorKind::kCorrupt) return fail(lines.error());
  if (!lines) lines = std::vector<std::string>{lines.error().message};
  for (const std::string& line : *lines) damage(fmt::format("the index is damaged ({}): run mmm-server reindex", line));
  return {};
}

Result<> Check::check_cursor(const store::PacketLog& log) {
  if (cursor_ <= log.last_durable()) return {};
  damage(
      fmt::format("the index goes to record {}, the packet log only to {}: they do not belong together; run mmm-server "
                  "reindex",
                  cursor_, log.last_durable()));
  return {};
}

// Removes from the index made now what retention has removed from the one that serves.
Result<> Check::trim_alike(sqlite::Database& made) {
  index::Trimmer trimmer(made);
  for (std::size_t i = 0; i < index::kDataClasses; ++i) {
    const auto data = static_cast<index::DataClass>(i);
    auto before = index::kept_from(*index_, data);
    if (!before) return fail(before.error());
    for (bool more = before->has_value(); more;) {
      auto step = trimmer.step(data, **before, limits::kProjectionRecordsMax);
      if (!step) return fail(step.error());
      more = *step;
    }
  }
  return {};
}

Result<> Check::check_rows(const store::PacketLog& log, const std::filesystem::path& room) {
  auto keys = make_keyring(config_);
  if (!keys) return fail(keys.error());
  auto stored = index::read_meta(*index_, index::kFingerprintMeta);
  if (!stored) return fail(stored.error());
  if (*stored != static_cast<std::int64_t>(fingerprint(**keys, config_.projection))) {
    if (say_)
      say_("the index was made with other keys or options, so its rows are not compared: run mmm-server reindex");
    return {};
  }
  auto trimmed = log.trimmed();
  if (!trimmed) return fail(trimmed.error());
  if (*trimmed != 0) {
    if (say_) say_("the log no longer has all that the index was made from, so its rows are not compared");
    return {};
  }
  auto kept = index::kept_from(*index_, index::DataClass::kPackets);
  if (!kept) return fail(kept.error());
  if (*kept) {
    // A reception that comes later than its packet was removed begins a new one, which an index made from the log has
    // not.
    if (say_) say_("retention has removed packets from the index, so its rows are not compared");
    return {};
  }
  const std::filesystem::path path = room / "check.db";
  auto build = IndexBuild::open(log, **keys, config_.projection, path, cursor_);
  if (!build) return fail(build.error());
  for (;;) {
    auto advanced = (*build)->advance();
    if (!advanced) return fail(advanced.error());
    if (!*advanced) break;
    if (progress_) progress_((*build)->share(), 0);
  }
  if (auto finished = (*build)->finish(); !finished) return finished;
  auto made = sqlite::Database::open(path, {.create = false});
  if (!made) return fail(made.error());
  if (auto trimmed_alike = trim_alike(*made); !trimmed_alike) return trimmed_alike;
  const auto differs = [this](const std::string& what) {
    damage(fmt::format("the index: {}: run mmm-server reindex", what));
  };
  auto compared = index::compare(*index_, *made, differs);
  if (!compared) return fail(compared.error());
  return {};
}

}  // namespace

Result<CheckOutcome> check_stores(const ServerConfig& config, bool deep, const CareProgress& progress, const Say& say) {
  return Check(config, progress, say).run(deep);
}

}  // namespace mmm::ingest
