#include "ingest/care/backup.h"

#include "core/base/file_lock.h"
#include "core/base/time.h"
#include "core/sqlite/copy.h"
#include "core/store/index/meta.h"
#include "core/store/index/schema.h"
#include "core/store/packet_log.h"
#include "ingest/care/log_picture.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

namespace mmm::ingest {
namespace fs = std::filesystem;
namespace {

// In a folder in the making, so that what an interrupted backup left is known, and nothing else is ever removed.
constexpr const char* kMarkName = "INCOMPLETE";
constexpr unsigned kPrivate = 0600;

class Backup {
 public:
  Backup(const ServerConfig& config, fs::path target, std::string program, const CareProgress& progress, const Say& say)
      : config_(config), target_(std::move(target)), partial_(target_), progress_(progress), say_(say) {
    partial_ += ".partial";
    manifest_.program = std::move(program);
  }

  Result<Manifest> run() {
    if (auto made = make_folder(); !made) return fail(made.error());
    auto done = fill();
    std::error_code ignored;
    if (!done) fs::remove_all(partial_, ignored);
    if (!done) return fail(done.error());
    return std::move(manifest_);
  }

 private:
  Result<> make_folder();
  Result<> fill();
  Result<> copy_index();
  Result<> copy_log(const fs::path& picture);
  Result<> add(const fs::path& from, const std::string& name);
  Result<bool> link(const fs::path& from, const std::string& name);
  Result<> finish();
  void find_earlier();
  void count(std::uint64_t bytes) {
    done_bytes_ += bytes;
    if (progress_) {
      progress_(static_cast<double>(done_bytes_) / static_cast<double>(std::max<std::uint64_t>(all_bytes_, 1)),
                static_cast<double>(done_bytes_) / (1U << 20U));
    }
  }

  const ServerConfig& config_;
  fs::path target_;
  fs::path partial_;
  const CareProgress& progress_;
  const Say& say_;
  Manifest manifest_;
  std::optional<Manifest> earlier_;
  fs::path earlier_path_;
  std::uint64_t done_bytes_ = 0;
  std::uint64_t all_bytes_ = 0;
};

std::uint64_t size_of(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : size;
}

Result<> Backup::make_folder() {
  std::error_code error;
  if (fs::exists(target_, error)) {
    return fail(ErrorKind::kInvalidArgument, "{} is there already: name a new folder for each backup",
                target_.string());
  }
  if (fs::exists(partial_, error)) {
    // Killed at its very beginning it is empty, and at its very end it has its manifest and no mark any more.
    const bool ours = fs::exists(partial_ / kMarkName, error) || fs::exists(partial_ / kManifestName, error);
    if (!ours && !fs::is_empty(partial_, error)) {
      return fail(ErrorKind::kInvalidArgument, "{} is in the way, and no backup left it: move it away",
                  partial_.string());
    }
    fs::remove_all(partial_, error);
    if (error) return fail(ErrorKind::kIo, "remove the interrupted {}: {}", partial_.string(), error.message());
  }
  // The folder holds messages and keys: its owner's alone. The mark comes before all that could be taken for another's.
  const auto made = [this, &error] {
    return fail(ErrorKind::kIo, "make the folder {}: {}", partial_.string(), error.message());
  };
  if (fs::create_directories(partial_, error); error) return made();
  fs::permissions(partial_, fs::perms::owner_all, error);
  if (auto marked = write_file(partial_ / kMarkName, "This backup was interrupted. Remove it.\n", kPrivate); !marked) {
    return marked;
  }
  if (fs::create_directory(partial_ / "log", error); error) return made();
  return {};
}

Result<> Backup::fill() {
  manifest_.time_us = to_micros(wall_now());
  find_earlier();
  // The index first: the log, pictured later, then has every record that is in it.
  all_bytes_ = size_of(config_.index_path()) * 2;
  if (auto copied = copy_index(); !copied) {
    // The log is the truth: without its index a backup takes longer to restore, and nothing is missing.
    if (copied.error().kind != ErrorKind::kCorrupt) return copied;
    if (say_) say_(fmt::format("left out, to be made anew from the log after a restore: {}", copied.error().message));
    if (auto removed = index::remove_index(partial_ / "index.db"); !removed) return removed;
    manifest_.cursor = 0;
  }
  auto picture = LogPicture::take(config_);
  if (!picture) return fail(picture.error());
  if (auto copied = copy_log(picture->path()); !copied) return copied;
  std::error_code ignored;
  if (fs::exists(config_.key_path(), ignored)) {
    if (auto added = add(config_.key_path(), "api_key"); !added) return added;
  }
  return finish();
}

Result<> Backup::copy_index() {
  std::error_code ignored;
  if (!fs::exists(config_.index_path(), ignored)) return {};
  const fs::path copy = partial_ / "index.db";
  {
    std::optional<sqlite::Database> from;
    {
      const auto not_replaced = FileLock::shared(index::swap_lock_path(config_.index_path()));
      auto opened = sqlite::Database::open(config_.index_path(), {.read_only = true});
      if (!opened) return fail(opened.error());
      from.emplace(std::move(*opened));
    }
    std::uint64_t shown = 0;
    const auto show = [this, &shown](std::int64_t done, std::int64_t total) {
      const auto now = static_cast<std::uint64_t>(done) * (all_bytes_ / 2) /
                       static_cast<std::uint64_t>(std::max<std::int64_t>(total, 1));
      count(now - std::min(shown, now));
      shown = now;
    };
    if (auto copied = sqlite::copy_database(*from, copy, show); !copied) return copied;
  }
  {
    auto made = sqlite::Database::open(copy, {.create = false});
    if (!made) return fail(made.error());
    auto cursor = index::read_meta(*made, "cursor");
    if (!cursor) return fail(cursor.error());
    manifest_.cursor = static_cast<store::LogId>(cursor->value_or(0));
  }
  auto digest = digest_file(copy, [this](std::uint64_t bytes) { count(bytes); });
  if (!digest) return fail(digest.error());
  manifest_.files.push_back({.name = "index.db", .digest = *digest});
  return {};
}

Result<> Backup::copy_log(const fs::path& picture) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(picture, error), end; !error && it != end; it.increment(error)) {
    if (it->is_regular_file(error)) files.push_back(it->path());
  }
  if (error) return fail(ErrorKind::kIo, "read the folder {}: {}", picture.string(), error.message());
  std::ranges::sort(files);
  for (const fs::path& file : files) all_bytes_ += size_of(file);
  for (const fs::path& file : files) {
    if (file.filename() == "LOCK") continue;
    const std::string name = "log/" + file.filename().string();
    auto linked = link(file, name);
    if (!linked) return fail(linked.error());
    if (*linked) continue;
    if (auto added = add(file, name); !added) return added;
  }
  // Opens it as a restored server would, which is the test that it can be.
  store::PacketLogOptions options;
  options.create = false;
  options.read_only = true;
  auto log = store::PacketLog::open(partial_ / "log", options);
  if (!log) return fail(log.error().with("the copy cannot be opened"));
  manifest_.last_id = (*log)->last_durable();
  return {};
}

Result<> Backup::add(const fs::path& from, const std::string& name) {
  auto digest = copy_file(from, partial_ / name, kPrivate, [this](std::uint64_t bytes) { count(bytes); });
  if (!digest) return fail(digest.error());
  manifest_.files.push_back({.name = name, .digest = *digest});
  return {};
}

// Table files never change, but numbers are given again after a restore: the bytes decide.
Result<bool> Backup::link(const fs::path& from, const std::string& name) {
  if (!earlier_ || from.extension() != ".sst") return false;
  const auto known = std::ranges::find(earlier_->files, name, &Manifest::File::name);
  if (known == earlier_->files.end() || known->digest.bytes != size_of(from)) return false;
  auto ours = digest_file(from, [this](std::uint64_t bytes) { count(bytes); });
  if (!ours) return fail(ours.error());
  const auto theirs = digest_file(earlier_path_ / name, {});
  std::error_code error;
  if (*ours == known->digest && theirs && *theirs == *ours) {
    fs::create_hard_link(earlier_path_ / name, partial_ / name, error);
    if (!error) {
      manifest_.files.push_back({.name = name, .digest = *ours});
      return true;
    }
  }
  done_bytes_ -= ours->bytes;
  return false;
}

void Backup::find_earlier() {
  const fs::path root = target_.parent_path().empty() ? "." : target_.parent_path();
  std::error_code error;
  for (fs::directory_iterator it(root, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (!it->is_directory(ignored) || it->path().extension() == ".partial") continue;
    auto manifest = read_manifest(it->path());
    if (!manifest || (earlier_ && earlier_->time_us >= manifest->time_us)) continue;
    earlier_ = std::move(*manifest);
    earlier_path_ = it->path();
  }
}

Result<> Backup::finish() {
  if (auto written = write_file(partial_ / kManifestName, to_text(manifest_), kPrivate); !written) return written;
  std::error_code error;
  fs::remove(partial_ / kMarkName, error);
  for (const fs::path& folder : {partial_ / "log", partial_}) {
    if (auto synced = sync_folder(folder); !synced) return synced;
  }
  fs::rename(partial_, target_, error);
  if (error) return fail(ErrorKind::kIo, "rename {} to {}: {}", partial_.string(), target_.string(), error.message());
  return sync_folder(target_.parent_path());
}

}  // namespace

Result<Manifest> make_backup(const ServerConfig& config, const fs::path& target, std::string program,
                             const CareProgress& progress, const Say& say) {
  // "backups/monday/" has an empty last part.
  return Backup(config, target.has_filename() ? target : target.parent_path(), std::move(program), progress, say).run();
}

}  // namespace mmm::ingest
