#include "perf/ingest/ceiling.h"

#include "core/base/check.h"
#include "core/base/encoding.h"
#include "core/store/packet_log.h"
#include "core/store/rocks_options.h"
#include "perf/ingest/cpu_time.h"
#include "perf/ingest/sample_upload.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace mmm::perf {
namespace {

using Clock = std::chrono::steady_clock;

std::unique_ptr<rocksdb::DB> open_database(const std::filesystem::path& path) {
  const store::PacketLogOptions options;
  const rocksdb::Options settings(store::database_options(options, nullptr),
                                  store::chunk_options(options, rocksdb::NewLRUCache(options.cache_bytes)));
  rocksdb::DB* db = nullptr;
  MMM_CHECK(rocksdb::DB::Open(settings, path.string(), &db).ok());
  return std::unique_ptr<rocksdb::DB>(db);
}

std::string key_of(std::uint64_t number) {
  std::string key;
  append_u64_be(key, number);
  return key;
}

rocksdb::Slice slice_of(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

}  // namespace

Throughput measure_synced_writers(const std::filesystem::path& path, std::size_t records, unsigned writers,
                                  std::chrono::milliseconds duration) {
  const auto db = open_database(path);
  std::vector<SampleUpload> uploads;
  for (unsigned i = 0; i < writers; ++i) uploads.emplace_back(i, records);
  std::atomic<std::uint64_t> next_key = 1;
  std::atomic<std::uint64_t> written = 0;
  const double cpu_before = own_cpu_seconds();
  const Clock::time_point start = Clock::now();
  std::vector<std::thread> threads;
  for (SampleUpload& upload : uploads) {
    threads.emplace_back([&] {
      rocksdb::WriteOptions options;
      options.sync = true;
      while (Clock::now() - start < duration) {
        MMM_CHECK(db->Put(options, key_of(next_key++), slice_of(upload.next())).ok());
        ++written;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return {written, std::chrono::duration<double>(Clock::now() - start).count(), own_cpu_seconds() - cpu_before};
}

Throughput measure_group_writer(const std::filesystem::path& path, std::size_t records, unsigned group,
                                std::chrono::milliseconds duration) {
  const auto db = open_database(path);
  std::vector<SampleUpload> uploads;
  for (unsigned i = 0; i < group; ++i) uploads.emplace_back(i, records);
  std::uint64_t written = 0;
  rocksdb::WriteBatch batch;
  const double cpu_before = own_cpu_seconds();
  const Clock::time_point start = Clock::now();
  while (Clock::now() - start < duration) {
    batch.Clear();
    for (SampleUpload& upload : uploads) MMM_CHECK(batch.Put(key_of(++written), slice_of(upload.next())).ok());
    MMM_CHECK(db->Write({}, &batch).ok());
    MMM_CHECK(db->SyncWAL().ok());
  }
  return {written, std::chrono::duration<double>(Clock::now() - start).count(), own_cpu_seconds() - cpu_before};
}

}  // namespace mmm::perf
