#include "core/store/packet_log.h"

#include "core/base/check.h"
#include "core/store/packet_log_impl.h"
#include "core/store/rocks_options.h"

#include <rocksdb/convenience.h>
#include <rocksdb/file_system.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

namespace mmm::store {
namespace {

Error open_error(const rocksdb::Status& status, const std::filesystem::path& path) {
  // RocksDB has no codes of its own for these.
  const std::string text = status.ToString();
  const auto says = [&text](std::string_view words) { return text.find(words) != std::string::npos; };
  if (status.IsIOError() && says("Permission denied")) {
    return Error{ErrorKind::kIo, fmt::format("the packet log {} is not this user's ({}): start as its owner, or change "
                                             "the owner of that directory and all in it",
                                             path.string(), text)};
  }
  if (status.IsIOError() && (says("lock hold by") || says("Resource temporarily unavailable"))) {
    return Error{ErrorKind::kUnavailable,
                 fmt::format("packet log {} is in use by another process: stop the other mmm-server, or give this one "
                             "a data directory of its own",
                             path.string())};
  }
  return rocks_error(status, fmt::format("open packet log {}", path.string()));
}

}  // namespace

std::filesystem::path lock_path(const std::filesystem::path& log) {
  return log / "LOCK";  // RocksDB's
}

std::string mark_key(std::string_view agent_id, std::string_view stream_id) {
  std::string key;
  key.reserve(agent_id.size() + 1 + stream_id.size());
  key.append(agent_id);
  key.push_back('\0');
  key.append(stream_id);
  return key;
}

PacketLog::PacketLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PacketLog::~PacketLog() = default;

Result<std::unique_ptr<PacketLog>> PacketLog::open(const std::filesystem::path& path, const PacketLogOptions& options) {
  std::error_code made;
  if (options.create && !options.read_only) std::filesystem::create_directories(path, made);
  if (!options.create && !std::filesystem::exists(path / "CURRENT", made)) {
    return fail(ErrorKind::kNotFound, "there is no packet log in {}: is [server] data_dir right?", path.string());
  }
  if (made) return fail(ErrorKind::kIo, "make the packet log's directory {}: {}", path.string(), made.message());
  auto impl = std::make_unique<Impl>();
  impl->read_only = options.read_only;
  if (options.file_system) impl->env = rocksdb::NewCompositeEnv(options.file_system);
  impl->cache = rocksdb::NewLRUCache(options.cache_bytes);
  const rocksdb::DBOptions database = database_options(options, impl->env.get());
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, chunk_options(options, impl->cache)},
      {kMarksFamily, mark_options(impl->cache)},
  };
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = options.read_only
                                     ? rocksdb::DB::OpenForReadOnly(database, path.string(), families, &handles, &db)
                                     : rocksdb::DB::Open(database, path.string(), families, &handles, &db);
  if (!status.ok()) return fail(open_error(status, path));
  impl->db.reset(db);
  MMM_CHECK(handles.size() == 2);
  impl->chunks = handles[0];
  impl->marks = handles[1];
  if (auto version = impl->check_version(); !version) return fail(std::move(version).error());
  auto end = impl->find_end();
  if (!end) return fail(end.error().with("open packet log {}", path.string()));
  std::unique_ptr<PacketLog> log(new PacketLog(std::move(impl)));
  log->last_id_.store(end->given_out, std::memory_order_release);
  // Opening replayed the write-ahead log into table files, which RocksDB syncs.
  log->last_durable_.store(end->readable, std::memory_order_release);
  return log;
}

Result<> PacketLog::read(LogId from, std::size_t max_bytes, std::vector<StoredChunk>& out) const {
  // Before the iterator is made, so that it sees everything up to here.
  const LogId durable = last_durable();
  if (durable == 0 || from > durable) return {};
  // A reader of the whole log must not wash everybody else's blocks out of the cache.
  constexpr std::size_t kCacheBytesMax = 256U << 10U;
  auto it = impl_->iterate(max_bytes <= kCacheBytesMax);
  if (auto found = Impl::seek(*it, from); !found) return found;
  std::size_t bytes = 0;
  LogId next = from;  // everything below is in `out`, or was asked not to be
  for (bool first = true; first || bytes < max_bytes; first = false) {
    if (it->status().IsCorruption()) {
      std::string why = fmt::format("a block of the packet log cannot be read: {}", it->status().ToString());
      const auto readable = impl_->step_over_damage(it, next, durable);
      if (!readable) return fail(readable.error());
      out.push_back(damaged_chunk(next, *readable - next, std::move(why)));
      next = *readable;
      if (next > durable) break;
      continue;
    }
    if (!it->status().ok()) return fail(rocks_error(it->status(), "read the packet log"));
    if (!it->Valid()) break;
    const LogId first_id = load_u64_be(view_of(it->key()));
    if (first_id > durable) break;
    auto chunk = decode_chunk(first_id, view_of(it->value()));
    if (!chunk) return fail(std::move(chunk).error());
    bytes += chunk->body ? chunk->body->size() : 0;
    next = chunk->last_id() + 1;
    out.push_back(std::move(*chunk));
    it->Next();
  }
  return {};
}

Result<LogId> PacketLog::first_id() const {
  const auto it = impl_->iterate(true);
  it->SeekToFirst();
  if (!it->status().ok()) return fail(rocks_error(it->status(), "find the packet log's beginning"));
  return it->Valid() ? load_u64_be(view_of(it->key())) : 0;
}

Result<> PacketLog::trim(LogId before) {
  before = std::min(before, last_durable() + 1);
  auto already = trimmed();
  if (!already) return fail(already.error());
  if (before <= *already + 1) return {};
  const auto it = impl_->iterate(true);
  if (auto found = Impl::seek(*it, before); !found) return found;
  if (!it->status().ok()) return fail(rocks_error(it->status(), "trim the packet log"));
  const LogId end = it->Valid() ? std::min(before, load_u64_be(view_of(it->key()))) : before;
  const std::string first_key = key_of(0);
  const std::string end_key = key_of(end);
  const rocksdb::Slice begin_slice(first_key);
  const rocksdb::Slice end_slice(end_key);
  rocksdb::WriteBatch batch;
  rocksdb::Status status = batch.Put(impl_->marks, slice_of(kTrimmedKey), key_of(end == 0 ? 0 : end - 1));
  if (status.ok()) status = batch.DeleteRange(impl_->chunks, begin_slice, end_slice);
  rocksdb::WriteOptions options;
  options.sync = true;
  if (status.ok()) status = impl_->db->Write(options, &batch);
  // Whole files go at once; what shares a file with later chunks goes when that file is compacted.
  if (status.ok()) {
    status = rocksdb::DeleteFilesInRange(impl_->db.get(), impl_->chunks, &begin_slice, &end_slice, false);
  }
  if (!status.ok()) return fail(rocks_error(status, "trim the packet log"));
  return {};
}

PacketLogSize PacketLog::size() const {
  PacketLogSize size;
  for (rocksdb::ColumnFamilyHandle* family : {impl_->chunks, impl_->marks}) {
    std::uint64_t value = 0;
    if (impl_->db->GetIntProperty(family, rocksdb::DB::Properties::kTotalSstFilesSize, &value)) {
      size.table_bytes += value;
    }
    if (impl_->db->GetIntProperty(family, rocksdb::DB::Properties::kSizeAllMemTables, &value)) {
      size.memory_bytes += value;
    }
  }
  size.memory_bytes += impl_->cache->GetUsage();
  rocksdb::VectorLogPtr files;
  if (impl_->db->GetSortedWalFiles(files).ok()) {
    for (const auto& file : files) size.wal_bytes += file->SizeFileBytes();
  }
  return size;
}

Result<double> PacketLog::bytes_per_day() const {
  constexpr LogId kDay = 86'400'000'000;
  constexpr LogId kShortest = 600'000'000;
  auto first = first_id();
  if (!first) return fail(first.error());
  const LogId last = last_durable();
  if (*first == 0) return 0.0;
  const LogId from = std::max(*first, last - std::min(last, kDay));
  const std::string begin_key = key_of(from);
  const std::string end_key = key_of(last + 1);
  const rocksdb::Range range(begin_key, end_key);
  rocksdb::SizeApproximationOptions options;
  options.include_memtables = true;
  std::uint64_t bytes = 0;
  const rocksdb::Status status = impl_->db->GetApproximateSizes(options, impl_->chunks, &range, 1, &bytes);
  if (!status.ok()) return fail(rocks_error(status, "measure the packet log"));
  const LogId span = std::max(last - from, kShortest);
  return static_cast<double>(bytes) * static_cast<double>(kDay) / static_cast<double>(std::min(span, kDay));
}

Result<> PacketLog::write(std::span<const ChunkToWrite> chunks) {
  rocksdb::WriteBatch& batch = impl_->batch;
  batch.Clear();
  LogId last = last_id();
  for (const ChunkToWrite& chunk : chunks) {
    MMM_CHECK(chunk.first_id > last);
    last = chunk.first_id + std::max(chunk.head.records, 1U) - 1;
    const std::string key = key_of(chunk.first_id);
    const ChunkParts parts = encode_chunk_parts(chunk.first_id, chunk.head, chunk.body);
    const rocksdb::Slice key_slice(key);
    const std::array<rocksdb::Slice, 3> value = {parts.head, slice_of(chunk.body), parts.checksum};
    rocksdb::Status status = batch.Put(impl_->chunks, rocksdb::SliceParts(&key_slice, 1),
                                       rocksdb::SliceParts(value.data(), static_cast<int>(value.size())));
    if (status.ok() && !chunk.mark_key.empty()) {
      status = batch.Put(impl_->marks, slice_of(chunk.mark_key), key_of(chunk.mark_seq));
    }
    MMM_CHECK(status.ok());  // only memory is touched so far
  }
  const rocksdb::Status status = impl_->db->Write({}, &batch);
  if (!status.ok()) return fail(rocks_error(status, "write to the packet log"));
  last_id_.store(last, std::memory_order_release);
  return {};
}

Result<> PacketLog::sync() {
  const LogId written = last_id();
  const rocksdb::Status status = impl_->db->SyncWAL();
  if (!status.ok()) return fail(ErrorKind::kIo, "sync the packet log: {}", status.ToString());
  last_durable_.store(written, std::memory_order_release);
  return {};
}

Result<std::uint64_t> PacketLog::mark(std::string_view mark_key) const {
  auto value = impl_->number(mark_key);
  if (!value) return fail(std::move(value).error());
  return value->value_or(0);
}

Result<> PacketLog::resume() {
  const rocksdb::Status status = impl_->db->Resume();
  // RocksDB waits for room on its own too, on a thread of its own, and then nobody else may.
  if (status.IsBusy())
    return fail(ErrorKind::kDiskFull, "the packet log's disk was full: RocksDB still looks for room");
  if (!status.ok()) return fail(rocks_error(status, "resume the packet log"));
  return {};
}

}  // namespace mmm::store
