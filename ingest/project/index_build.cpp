#include "ingest/project/index_build.h"

#include "core/base/limits.h"
#include "core/base/time.h"
#include "core/log/log.h"
#include "core/store/index/schema.h"

#include <algorithm>

namespace mmm::ingest {

IndexBuild::IndexBuild(const store::PacketLog& log, mesh::Keyring& keys, const ProjectionOptions& options,
                       std::filesystem::path path)
    : log_(log), keys_(keys), options_(options), path_(std::move(path)) {}
IndexBuild::~IndexBuild() = default;

Result<std::unique_ptr<IndexBuild>> IndexBuild::open(const store::PacketLog& log, mesh::Keyring& keys,
                                                     const ProjectionOptions& options, std::filesystem::path path,
                                                     store::LogId until) {
  std::unique_ptr<IndexBuild> build(new IndexBuild(log, keys, options, std::move(path)));
  auto first = log.first_id();
  if (!first) return fail(first.error());
  build->first_ = *first;
  build->until_ = until;
  auto resumed = build->resume();
  if (!resumed) return fail(resumed.error());
  if (*resumed) {
    build->begun_with_ = fmt::format("going on with {}, which has the records up to {}", build->path_.string(),
                                     to_iso8601(from_micros(static_cast<std::int64_t>(build->cursor()))));
  }
  return build;
}

Result<> IndexBuild::begin() {
  auto writer = index::IndexWriter::open(path_);
  if (!writer) return fail(writer.error());
  writer_ = std::move(*writer);
  auto projection = Projection::open(*writer_, keys_, options_);
  if (!projection) return fail(projection.error());
  projection_ = std::move(*projection);
  cursor_ = projection_->cursor();
  return {};
}

Result<> IndexBuild::begin_anew(std::string_view why) {
  projection_.reset();
  writer_.reset();
  if (auto removed = index::remove_index(path_); !removed) return removed;
  begun_with_ = fmt::format("beginning anew: what an interrupted run left in {} {}", path_.string(), why);
  return begin();
}

Result<bool> IndexBuild::resume() {
  auto found = index::inspect(path_);
  const auto anew = [this](std::string_view why) -> Result<bool> {
    if (auto begun = begin_anew(why); !begun) return fail(begun.error());
    return false;
  };
  if (!found && found.error().kind == ErrorKind::kNewerVersion) return anew("is of a later version");
  if (!found) return fail(found.error());
  if (*found == index::IndexFile::kOutdated) return anew("is of an older version");
  if (*found == index::IndexFile::kDamaged) return anew("is damaged");
  if (auto begun = begin(); !begun) {
    if (begun.error().kind == ErrorKind::kCorrupt) return anew("is damaged");
    return fail(begun.error());
  }
  if (!projection_->fits()) return anew("was made with other keys or options");
  auto trimmed = log_.trimmed();
  if (!trimmed) return fail(trimmed.error());
  if (cursor_ != 0 && cursor_ < *trimmed) return anew("ends before the first record that the log still has");
  if (cursor_ > log_.last_durable()) return anew("is of another log");
  return cursor_ != 0;
}

Result<bool> IndexBuild::advance() {
  std::vector<store::StoredChunk> chunks;
  if (auto read = log_.read(projection_->cursor() + 1, limits::kProjectionReadBytesMax, chunks); !read) {
    return fail(ErrorKind::kIo, "the packet log cannot be read: {}", read.error().message);
  }
  std::erase_if(chunks, [this](const store::StoredChunk& chunk) { return chunk.last_id() > until_; });
  if (chunks.empty()) return false;
  for (const store::StoredChunk& chunk : chunks) {
    if (auto applied = projection_->apply(chunk); !applied) return fail(applied.error());
    if (projection_->pending_records() < limits::kProjectionRecordsMax) continue;
    if (auto committed = commit(); !committed) return fail(committed.error());
  }
  if (auto committed = commit(); !committed) return fail(committed.error());
  return true;
}

Result<> IndexBuild::commit() {
  const std::size_t records = projection_->pending_records();
  if (auto committed = projection_->commit(nullptr); !committed) return committed;
  records_ += records;
  cursor_ = projection_->cursor();
  return writer_->checkpoint(limits::kIndexCheckpointPages);
}

Result<> IndexBuild::finish() {
  auto moved = writer_->checkpoint(0);
  projection_.reset();
  writer_.reset();
  return moved;
}

double IndexBuild::share() const {
  const store::LogId last = std::min(until_, log_.last_durable());
  if (cursor_ >= last || last <= first_) return 1;
  if (cursor_ <= first_) return 0;
  return static_cast<double>(cursor_ - first_) / static_cast<double>(last - first_);
}

}  // namespace mmm::ingest
