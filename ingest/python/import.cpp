#include "ingest/python/import.h"

#include "core/base/limits.h"
#include "core/base/time.h"
#include "core/store/append_plan.h"
#include "core/store/free_space.h"
#include "core/store/stream_marks.h"
#include "ingest/python/body.h"
#include "ingest/python/old_database.h"

#include <xxhash.h>

#include <map>

namespace mmm::ingest::python {
namespace {

constexpr const char* kVersion = "python";
constexpr const char* kNobody = "import";  // for rows that name no agent
// Rows that wait to be written, of all agents, and of one agent in one upload.
constexpr std::size_t kPendingRowsMax = 5000;
constexpr std::size_t kPendingBytesMax = 8U << 20U;

class Importer {
 public:
  Importer(store::PacketLog& log, const std::filesystem::path& log_path, std::uint64_t free_bytes_min,
           const ImportProgress& progress)
      : log_(log),
        marks_(log, limits::kLogMarksCachedMax),
        plan_(marks_),
        log_path_(log_path),
        free_bytes_min_(free_bytes_min),
        progress_(progress) {
    plan_.set_last_id(log.last_id());
  }

  Result<> import_table(const std::filesystem::path& database, OldTable table) {
    table_ = table;
    auto identity = identity_of(database);
    if (!identity) return fail(identity.error());
    identity_ = *identity;
    auto read = read_old_table(database, table, [this](const OldRow& row) { return take(row); });
    if (!read) return read;
    return write();
  }

  [[nodiscard]] const ImportCounts& counts() const { return counts_; }

 private:
  // Tells this content from others. Of a table that only grows, its first row; of one whose rows are replaced, all.
  Result<std::uint64_t> identity_of(const std::filesystem::path& database) const {
    std::uint64_t hash = 0;
    bool is_done = false;
    auto read = read_old_table(database, table_, [&](const OldRow& row) -> Result<> {
      hash = XXH3_64bits_withSeed(row.json.data(), row.json.size(), hash);
      is_done = is_numbered(table_);
      if (is_done) return fail(ErrorKind::kCancelled, "the first row is enough");
      return {};
    });
    if (!read && !is_done) return fail(read.error());
    return hash;
  }

  Result<> take(const OldRow& row) {
    std::vector<OldRow>& rows = pending_[stored_agent_id(row.agent_id.empty() ? kNobody : row.agent_id)];
    // Numbers rise, unless somebody made the table in another way.
    const std::uint64_t last = rows.empty() ? 0 : rows.back().number;
    if (row.number <= last || row.json.size() > limits::kRecordPayloadBytesMax) {
      ++counts_.skipped;
      return {};
    }
    bytes_ += row.json.size();
    ++rows_;
    rows.push_back(row);
    return rows_ >= kPendingRowsMax || bytes_ >= kPendingBytesMax ? write() : Result<>{};
  }

  upload::UploadHeader header_of(const std::string& agent_id, const OldRow& first) const {
    const std::string name = fmt::format("{}/{}/{:016x}", agent_id, table_name(table_), identity_);
    XXH128_canonical_t stream;
    XXH128_canonicalFromHash(&stream, XXH3_128bits(name.data(), name.size()));
    upload::UploadHeader header;
    header.set_agent_id(agent_id);
    header.set_stream_id(stream.digest, sizeof(stream.digest));
    header.set_agent_version(kVersion);
    if (table_ == OldTable::kAgents) *header.mutable_location() = first.location;
    return header;
  }

  Result<> write() {
    const auto free = store::free_bytes(log_path_);
    if (!free) return fail(free.error());
    if (*free < free_bytes_min_ + kPendingBytesMax) {
      return fail(ErrorKind::kDiskFull, "the disk is nearly full ({} MiB free): make room and import again",
                  *free >> 20U);
    }
    // Until they are written the plan's chunks point into them.
    std::vector<std::unique_ptr<store::PendingUpload>> uploads;
    ImportCounts counts = counts_;
    for (const auto& [agent_id, rows] : pending_) {
      if (rows.empty()) continue;
      std::vector<upload::RecordView> records;
      for (const OldRow& row : rows) {
        records.push_back({.seq = row.number, .arrival_us = row.time_us, .kind = row.kind, .payload = row.json});
      }
      auto upload = store::PendingUpload::scan(upload::encode_upload(header_of(agent_id, rows.front()), records), {});
      if (!upload) return fail(upload.error());
      auto outcome = plan_.add(**upload, to_micros(wall_now()));
      if (!outcome) return fail(outcome.error());
      counts.stored += outcome->stored;
      counts.duplicates += outcome->duplicates;
      uploads.push_back(std::move(*upload));
    }
    if (!plan_.chunks().empty()) {
      if (auto written = log_.write(plan_.chunks()); !written) return written;
      if (auto synced = log_.sync(); !synced) return synced;
    }
    plan_.clear();
    pending_.clear();
    rows_ = 0;
    bytes_ = 0;
    counts_ = counts;
    progress_(table_name(table_), counts_);
    return {};
  }

  store::PacketLog& log_;
  store::StreamMarks marks_;
  store::AppendPlan plan_;
  const std::filesystem::path& log_path_;
  std::uint64_t free_bytes_min_;
  const ImportProgress& progress_;
  OldTable table_ = OldTable::kAgents;
  std::uint64_t identity_ = 0;
  std::map<std::string, std::vector<OldRow>> pending_;  // by stored agent id
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;
  ImportCounts counts_;
};

}  // namespace

Result<ImportCounts> import_database(store::PacketLog& log, const std::filesystem::path& log_path,
                                     std::uint64_t free_bytes_min, const std::filesystem::path& database,
                                     const ImportProgress& progress) {
  Importer importer(log, log_path, free_bytes_min, progress);
  for (const OldTable table : kOldTables) {
    if (auto imported = importer.import_table(database, table); !imported) return fail(imported.error());
  }
  return importer.counts();
}

}  // namespace mmm::ingest::python
