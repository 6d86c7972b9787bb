#pragma once

#include "core/store/packet_log.h"

#include <rocksdb/options.h>

#include <memory>

namespace mmm::store {

// The column families. Stored: names are for ever.
inline constexpr const char* kMarksFamily = "marks";

// RocksDB's settings for this log: values of kilobytes with rising keys, one writer with its own group commit.
// `env`: null for the machine's own; must outlive the database.
rocksdb::DBOptions database_options(const PacketLogOptions& options, rocksdb::Env* env);
rocksdb::ColumnFamilyOptions chunk_options(const PacketLogOptions& options,
                                           const std::shared_ptr<rocksdb::Cache>& cache);
rocksdb::ColumnFamilyOptions mark_options(const std::shared_ptr<rocksdb::Cache>& cache);

}  // namespace mmm::store
