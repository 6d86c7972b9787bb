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
// Thread-safe. To lose power: cut_power(), destroy the database, lose_unsynced(), open again. What the database does
// after the cut succeeds, as far as it can tell, and is undone by lose_unsynced(): a process without power sees no
// error. What it acknowledges after the cut nobody hears, so ask powered() before you count it.
class FaultyFs final : public rocksdb::FileSystemWrapper {
 public:
  FaultyFs();
  [[nodiscard]] const char* Name() const override { return "FaultyFs"; }

  // Every append writes half of its bytes and then fails for lack of space.
  void set_full(bool full) { full_ = full; }
  // Every sync of a write-ahead log fails with an I/O error.
  void set_sync_fails(bool fails) { sync_fails_ = fails; }

  // While true, a sync of a write-ahead log waits.
  void hold_syncs(bool hold);
  // Waits until one does.
  void wait_for_held_sync() const { held_syncs_.wait(0); }

  void cut_power();
  [[nodiscard]] bool powered() const { return powered_; }
  // Cuts each file back to what was synced before the cut, and gives power again. Of what was not synced the first
  // `torn_bytes` are kept, and in a write-ahead log the last of them is wrong, as after a write that the disk did half.
  // (In its MANIFEST RocksDB 7.8 accepts a record that was cut short, and no record that is whole and wrong.)
  void lose_unsynced(std::uint64_t torn_bytes);

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
  struct Extent {
    std::uint64_t synced = 0;
    std::uint64_t size = 0;
  };
  void set_synced(const std::string& name, std::uint64_t bytes);

  std::atomic<bool> full_ = false;
  std::atomic<bool> sync_fails_ = false;
  std::atomic<bool> hold_syncs_ = false;
  std::atomic<std::uint64_t> held_syncs_ = 0;
  std::atomic<bool> powered_ = true;
  std::atomic<std::uint64_t> wal_syncs_ = 0;
  std::mutex mutex_;
  std::map<std::string, std::uint64_t> synced_;  // bytes by file name
  // Taken by cut_power(): the files there were then. Files that appear later are not in it.
  std::map<std::string, Extent> at_cut_;
};

// Turns one bit of a file over.
void flip_bit(const std::filesystem::path& path, std::uint64_t byte);

}  // namespace mmm::test
