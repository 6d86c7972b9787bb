#include "core/base/time.h"
#include "core/log/log.h"
#include "core/store/index/schema.h"
#include "core/store/packet_log.h"
#include "ingest/project.h"
#include "ingest/project/index_build.h"
#include "ingest/project/rebuilder.h"

namespace mmm::ingest {

Result<std::uint64_t> reindex(const store::PacketLog& log, mesh::Keyring& keys, const ProjectionOptions& options,
                              const std::filesystem::path& index_path, const ReindexProgress& progress,
                              const std::function<void(const std::string&)>& say, store::LogId until) {
  const std::filesystem::path beside = Rebuilder::beside(index_path);
  auto build = IndexBuild::open(log, keys, options, beside, until);
  if (!build) return fail(build.error());
  if (say && !(*build)->begun_with().empty()) say((*build)->begun_with());
  for (;;) {
    auto advanced = (*build)->advance();
    if (!advanced) return fail(advanced.error());
    if (!*advanced) break;
    if (progress) progress((*build)->share(), (*build)->records());
  }
  if (auto finished = (*build)->finish(); !finished) return fail(finished.error());
  if (auto replaced = index::replace_index(beside, index_path); !replaced) return fail(replaced.error());
  return (*build)->records();
}

Result<> may_reindex(const store::PacketLog& log, bool drop_older) {
  auto trimmed = log.trimmed();
  if (!trimmed) return fail(trimmed.error());
  if (*trimmed == 0 || drop_older) return {};
  return fail(ErrorKind::kInvalidArgument,
              "the packet log no longer has the records up to {}: an index made from it lacks everything older, totals "
              "and rollups included. To have it so: mmm-server reindex --drop-older",
              to_iso8601(from_micros(static_cast<std::int64_t>(*trimmed))));
}

Result<> clear_index(const store::PacketLog& log, const std::filesystem::path& index_path) {
  const std::filesystem::path kept = index_path.string() + ".kept";
  std::error_code ignored;
  if (may_reindex(log, false) || std::filesystem::exists(kept, ignored)) return index::remove_index(index_path);
  log::warning("ingest/project", "the old index is kept as {}: the packet log does not go back as far", kept.string());
  return index::rename_index(index_path, kept);
}

}  // namespace mmm::ingest
