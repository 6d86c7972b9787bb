#include "core/store/rocks_options.h"

#include "core/store/rocks_listener.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

namespace mmm::store {
namespace {

constexpr std::size_t kMarksMemtableBytes = 4U << 20U;
// Uploads of one record share a block; an upload of hundreds fills one alone.
constexpr std::size_t kChunkBlockBytes = 32U << 10U;
// Files kept open, each with a few kilobytes of index in the cache.
constexpr int kOpenFilesMax = 512;

rocksdb::BlockBasedTableOptions table_options(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  return table;
}

}  // namespace

rocksdb::DBOptions database_options(const PacketLogOptions& options, rocksdb::Env* env) {
  rocksdb::DBOptions db;
  db.create_if_missing = options.create && !options.read_only;
  db.create_missing_column_families = !options.read_only;
  if (env != nullptr) db.env = env;
  db.max_background_jobs = 2;
  db.max_open_files = kOpenFilesMax;
  // A write-ahead log file lives until every column family has been flushed, and the marks hardly ever fill a memtable:
  // with the chunks, so that what stands in tables does not stand in the write-ahead log as well.
  db.atomic_flush = true;
  db.bytes_per_sync = 1U << 20U;
  db.avoid_unnecessary_blocking_io = true;
  db.skip_stats_update_on_db_open = true;
  db.allow_concurrent_memtable_write = false;
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  db.info_log = make_rocks_logger();
  if (options.registry != nullptr) db.listeners.push_back(make_rocks_listener(*options.registry));
  return db;
}

rocksdb::ColumnFamilyOptions chunk_options(const PacketLogOptions& options,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = options.memtable_bytes;
  family.max_write_buffer_number = 3;
  family.target_file_size_base = options.memtable_bytes;
  // One setting for all levels: files with rising keys never overlap, so compaction only moves them from level to
  // level, unless a level asks for another compression.
  family.compression = rocksdb::kLZ4Compression;
  family.bottommost_compression = rocksdb::kDisableCompressionOption;
  // Moving is free, so files waiting for it are no reason to slow the writer down.
  family.level0_slowdown_writes_trigger = 40;
  family.level0_stop_writes_trigger = 80;
  family.soft_pending_compaction_bytes_limit = 0;
  family.hard_pending_compaction_bytes_limit = 0;
  rocksdb::BlockBasedTableOptions table = table_options(cache);
  table.block_size = kChunkBlockBytes;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

rocksdb::ColumnFamilyOptions mark_options(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = kMarksMemtableBytes;
  family.compression = rocksdb::kLZ4Compression;
  rocksdb::BlockBasedTableOptions table = table_options(cache);
  // Most lookups ask for the mark of a stream that was never seen.
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

}  // namespace mmm::store
