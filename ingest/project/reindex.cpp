#include "core/base/limits.h"
#include "core/store/index/schema.h"
#include "core/store/packet_log.h"
#include "ingest/project.h"
#include "ingest/project/projection.h"

namespace mmm::ingest {
namespace {

Result<std::uint64_t> build(const store::PacketLog& log, mesh::Keyring& keys, const ProjectionOptions& options,
                            const std::filesystem::path& path, const ReindexProgress& progress) {
  auto writer = index::IndexWriter::open(path);
  if (!writer) return fail(writer.error());
  auto projection = Projection::open(**writer, keys, options);
  if (!projection) return fail(projection.error());
  auto first = log.first_id();
  if (!first) return fail(first.error());
  std::uint64_t records = 0;
  std::vector<store::StoredChunk> chunks;
  const auto commit = [&]() -> Result<> {
    records += (*projection)->pending_records();
    if (auto committed = (*projection)->commit(nullptr); !committed) return committed;
    if (progress) {
      const auto whole = static_cast<double>(std::max(log.last_durable(), *first + 1) - *first);
      progress(static_cast<double>((*projection)->cursor() - *first) / whole, records);
    }
    return (*writer)->checkpoint(limits::kIndexCheckpointPages);
  };
  for (;;) {
    chunks.clear();
    const store::LogId from = (*projection)->cursor() + 1;
    if (auto read = log.read(from, limits::kProjectionReadBytesMax, chunks); !read) return fail(read.error());
    if (chunks.empty()) break;
    for (const store::StoredChunk& chunk : chunks) {
      if (auto applied = (*projection)->apply(chunk); !applied) return fail(applied.error());
      if ((*projection)->pending_records() < limits::kProjectionRecordsMax) continue;
      if (auto committed = commit(); !committed) return fail(committed.error());
    }
    if (auto committed = commit(); !committed) return fail(committed.error());
  }
  if (auto moved = (*writer)->checkpoint(0); !moved) return fail(moved.error());
  return records;
}

}  // namespace

Result<std::uint64_t> reindex(const store::PacketLog& log, mesh::Keyring& keys, const ProjectionOptions& options,
                              const std::filesystem::path& index_path, const ReindexProgress& progress) {
  const std::filesystem::path beside = index_path.string() + ".new";
  // What an interrupted run left.
  if (auto removed = index::remove_index(beside); !removed) return fail(removed.error());
  auto records = build(log, keys, options, beside, progress);
  if (!records) return records;
  if (auto replaced = index::replace_index(beside, index_path); !replaced) return fail(replaced.error());
  return records;
}

}  // namespace mmm::ingest
