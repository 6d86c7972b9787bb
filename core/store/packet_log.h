#pragma once

#include "core/base/result.h"
#include "core/store/chunk.h"
#include "core/store/log_id.h"
#include "metrics/registry.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rocksdb {
class FileSystem;
}

namespace mmm::store {

// What the log stands on and may use. Bounded: about memtable_bytes × 3 + cache_bytes of memory.
struct PacketLogOptions {
  bool create = true;      // false: a missing log is kNotFound
  bool read_only = false;  // for tools, beside a running server; sees what was flushed and logged when it opened
  std::size_t memtable_bytes = 64U << 20U;
  std::size_t cache_bytes = 32U << 20U;
  // Tests put a faulty one here. Must outlive the log.
  std::shared_ptr<rocksdb::FileSystem> file_system;
  // Where stalls, background errors and sizes are counted; null: nowhere.
  metrics::Registry* registry = nullptr;
};

// One upload as the writer hands it over. The views must live until write() returns.
struct ChunkToWrite {
  LogId first_id = 0;
  ChunkHead head;
  std::string_view body;
  std::string_view mark_key;  // see mark_key(); empty: no mark to move
  std::uint64_t mark_seq = 0;
};

struct PacketLogSize {
  std::uint64_t table_bytes = 0;   // sorted files on disk
  std::uint64_t wal_bytes = 0;     // write-ahead log on disk
  std::uint64_t memory_bytes = 0;  // memtables, caches, filters
};

// The durable, ordered log of everything that agents uploaded: the truth from which every view can be rebuilt. RocksDB
// behind a narrow interface (append, read from id, trim), so that another engine can take its place.
//
// Lifecycle: open() -> reads, and writes by one LogWriter -> destruction. One process at a time may have it open for
// writing. Everything blocks: call it from a thread that may.
// Concurrency: read(), trim() and the queries from any thread; write() and sync() from one thread.
// Errors: kDiskFull is recoverable, kIo on the write side is final.
class PacketLog {
 public:
  // Fails with kNewerVersion (a later version of the program made it), kUnavailable (another process has it open), kIo,
  // kCorrupt, kNotFound.
  static Result<std::unique_ptr<PacketLog>> open(const std::filesystem::path& path, const PacketLogOptions& options);
  ~PacketLog();
  PacketLog(const PacketLog&) = delete;
  PacketLog& operator=(const PacketLog&) = delete;

  // Appends to `out` the durable chunks in order, starting with the one that holds `from` or the next one after it,
  // until their bodies come to max_bytes (at least one chunk, if there is one). Nothing appended: `from` is beyond the
  // last durable record. A record of the first chunk may have an id below `from`: skip it. What is damaged is in `out`
  // as a chunk that says so, and does not keep from what lies behind it.
  Result<> read(LogId from, std::size_t max_bytes, std::vector<StoredChunk>& out) const;

  // The first id in the log; 0 when it is empty.
  [[nodiscard]] Result<LogId> first_id() const;
  // The last id written, synced or not; 0 when there was none ever.
  [[nodiscard]] LogId last_id() const { return last_id_.load(std::memory_order_acquire); }
  // The last id that is on disk: what read() goes up to.
  [[nodiscard]] LogId last_durable() const { return last_durable_.load(std::memory_order_acquire); }

  // Removes the chunks whose records all have ids below `before`. Space comes back at once for whole files.
  Result<> trim(LogId before);

  // The highest id that trim() has removed; 0: the log still holds all that ever came.
  [[nodiscard]] Result<LogId> trimmed() const;

  [[nodiscard]] PacketLogSize size() const;
  // How much of the size came in the last day before the newest record, or would have at the rate of a shorter life: an
  // estimate.
  [[nodiscard]] Result<double> bytes_per_day() const;

  // Makes `folder`, which must not exist, a log of its own that holds everything durable now; writing goes on
  // meanwhile. On the same file system the table files are hard links, so that it takes little time and room.
  Result<> checkpoint(const std::filesystem::path& folder) const;
  // Reads every block of every file. Fails with kCorrupt at the first whose checksum is wrong; read() says which
  // records that costs.
  Result<> verify_files() const;
  // Calls `each` with the agent, the stream and the high-water mark of every stream that ever uploaded.
  using EachMark = std::function<void(std::string_view agent_id, std::string_view stream_id, std::uint64_t seq)>;
  Result<> each_mark(const EachMark& each) const;

  // ---- The writer's side ----
  // Writes the chunks and their marks atomically, not yet durable. Ids must rise beyond last_id().
  Result<> write(std::span<const ChunkToWrite> chunks);
  // Makes everything written durable. After a failure (kIo) the log takes no further write.
  Result<> sync();
  // The high-water mark of a stream, written or durable; 0 when it has none.
  Result<std::uint64_t> mark(std::string_view mark_key) const;
  // After kDiskFull, when there is room again.
  Result<> resume();

 private:
  struct Impl;
  explicit PacketLog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
  std::atomic<LogId> last_id_{0};
  std::atomic<LogId> last_durable_{0};
};

// The file that the process which has the log open for writing holds a lock on.
std::filesystem::path lock_path(const std::filesystem::path& log);

// The key of a stream's high-water mark.
std::string mark_key(std::string_view agent_id, std::string_view stream_id);

}  // namespace mmm::store
