#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace mmm::test {

// A file system under RocksDB that fails on request and can lose power. It writes real files and remembers how far each
// one was synced.
//
// Thread-safe. To lose power: cut_power(), destroy the database (nothing it still does reaches a file),
// lose_unsynced(), restore_power(), open again.
class FaultyFs final : public rocksdb::FileSystemWrapper {
 public:
  FaultyFs();
  [[nodiscard]] const char* Name() const override { return "FaultyFs"; }

  // Every append writes half of its bytes and then fails for lack of space.
  void set_full(bool full) { full_ = full; }
  // Every sync of a write-ahead log fails with an I/O error.
  void set_sync_fails(bool fails) { sync_fails_ = fails; }

  void cut_power() { powered_ = false; }
  // Cuts each file back to what was synced. Of what was not synced the first `torn_bytes` are kept, and the last of
  // them is wrong, as after a write that the disk did half.
  void lose_unsynced(std::uint64_t torn_bytes);
  void restore_power() { powered_ = true; }

  [[nodiscard]] std::uint64_t wal_syncs() const { return wal_syncs_; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  class File;
  rocksdb::IOStatus check_power() const;
  void set_synced(const std::string& name, std::uint64_t bytes);

  std::atomic<bool> full_ = false;
  std::atomic<bool> sync_fails_ = false;
  std::atomic<bool> powered_ = true;
  std::atomic<std::uint64_t> wal_syncs_ = 0;
  std::mutex mutex_;
  std::map<std::string, std::uint64_t> synced_;  // bytes by file name
};

// Turns one bit of a file over.
void flip_bit(const std::filesystem::path& path, std::uint64_t byte);

}  // namespace mmm::test
