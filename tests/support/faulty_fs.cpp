#include "tests/support/faulty_fs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <utility>

namespace mmm::test {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class FaultyFs::File final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(FaultyFs& system, std::string name, std::uint64_t size, std::unique_ptr<rocksdb::FSWritableFile> file)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), system_(system), name_(std::move(name)), written_(size) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    if (IOStatus power = system_.check_power(); !power.ok()) return power;
    if (!system_.full_) {
      IOStatus status = target()->Append(data, options, debug);
      if (status.ok()) written_ += data.size();
      return status;
    }
    const Slice half(data.data(), data.size() / 2);
    if (target()->Append(half, options, debug).ok()) written_ += half.size();
    return IOStatus::NoSpace("no space left on device (injected)");
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& /*verification*/,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }

  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    if (IOStatus power = system_.check_power(); !power.ok()) return power;
    const bool is_wal = name_.ends_with(".log");
    if (is_wal && system_.sync_fails_) return IOStatus::IOError("input/output error (injected)");
    // What is appended while the sync runs may not be on disk.
    const std::uint64_t covered = written_;
    IOStatus status = target()->Sync(options, debug);
    if (status.ok()) system_.set_synced(name_, covered);
    if (is_wal) ++system_.wal_syncs_;
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override { return Sync(options, debug); }

 private:
  FaultyFs& system_;
  std::string name_;
  std::atomic<std::uint64_t> written_;
};

FaultyFs::FaultyFs() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

IOStatus FaultyFs::check_power() const {
  return powered_ ? IOStatus::OK() : IOStatus::IOError("no power (injected)");
}

void FaultyFs::set_synced(const std::string& name, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  synced_[name] = std::max(synced_[name], bytes);
}

IOStatus FaultyFs::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                   std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) {
  if (IOStatus power = check_power(); !power.ok()) return power;
  std::unique_ptr<rocksdb::FSWritableFile> inner;
  IOStatus status = target()->NewWritableFile(name, options, &inner, debug);
  if (!status.ok()) return status;
  {
    const std::lock_guard lock(mutex_);
    synced_[name] = 0;
  }
  *file = std::make_unique<File>(*this, name, 0, std::move(inner));
  return status;
}

IOStatus FaultyFs::ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) {
  if (IOStatus power = check_power(); !power.ok()) return power;
  std::unique_ptr<rocksdb::FSWritableFile> inner;
  IOStatus status = target()->ReopenWritableFile(name, options, &inner, debug);
  if (!status.ok()) return status;
  const std::uint64_t size = inner->GetFileSize({}, nullptr);
  *file = std::make_unique<File>(*this, name, size, std::move(inner));
  return status;
}

IOStatus FaultyFs::RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                              IODebugContext* debug) {
  if (IOStatus power = check_power(); !power.ok()) return power;
  IOStatus status = target()->RenameFile(from, to, options, debug);
  const std::lock_guard lock(mutex_);
  if (auto node = synced_.extract(from); status.ok() && !node.empty()) synced_[to] = node.mapped();
  return status;
}

IOStatus FaultyFs::DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* debug) {
  if (IOStatus power = check_power(); !power.ok()) return power;
  {
    const std::lock_guard lock(mutex_);
    synced_.erase(name);
  }
  return target()->DeleteFile(name, options, debug);
}

void FaultyFs::lose_unsynced(std::uint64_t torn_bytes) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, synced] : synced_) {
    if (!std::filesystem::exists(name)) continue;
    const std::uint64_t size = std::filesystem::file_size(name);
    if (size <= synced) continue;
    const std::uint64_t keep = std::min(size, synced + torn_bytes);
    std::filesystem::resize_file(name, keep);
    if (keep > synced) flip_bit(name, keep - 1);
  }
}

void flip_bit(const std::filesystem::path& path, std::uint64_t byte) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  ASSERT_TRUE(file) << path;
  file.seekg(static_cast<std::streamoff>(byte));
  const int value = file.get();
  ASSERT_NE(value, EOF) << path << " has no byte " << byte;
  file.seekp(static_cast<std::streamoff>(byte));
  file.put(static_cast<char>(value ^ 1));
}

}  // namespace mmm::test
