#include "core/store/storage_report.h"

#include "core/store/free_space.h"
#include "core/store/index/index_reader.h"
#include "core/store/packet_log.h"

#include <algorithm>

namespace mmm::store {

Result<StorageReport> report_storage(const PacketLog& log, index::IndexReader& reader,
                                     const std::filesystem::path& data_dir, const StorageOptions& options) {
  auto log_storage = measure(log);
  if (!log_storage) return fail(log_storage.error());
  auto index_storage = reader.storage();
  if (!index_storage) return fail(index_storage.error());
  auto free = free_bytes(data_dir);
  if (!free) return fail(free.error());
  StorageReport report{.log = *log_storage,
                       .index = *index_storage,
                       .free_bytes = *free,
                       .usable_bytes = *free - std::min(*free, options.free_bytes_min),
                       .forecast = {}};
  report.forecast = index::forecast(report.index, report.log, options.keep_index, options.keep_log_us,
                                    report.usable_bytes, static_cast<std::int64_t>(log.last_durable()));
  return report;
}

}  // namespace mmm::store
