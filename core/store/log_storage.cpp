#include "core/store/log_storage.h"

#include "core/store/packet_log.h"

namespace mmm::store {

Result<LogStorage> measure(const PacketLog& log) {
  const PacketLogSize size = log.size();
  auto first = log.first_id();
  if (!first) return fail(first.error());
  auto rate = log.bytes_per_day();
  if (!rate) return fail(rate.error());
  return LogStorage{.bytes = size.table_bytes + size.wal_bytes,
                    .oldest_us = static_cast<std::int64_t>(*first),
                    .bytes_per_day = *rate};
}

}  // namespace mmm::store
