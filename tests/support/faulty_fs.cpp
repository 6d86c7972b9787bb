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
    const bool is_wal = name_.ends_with(".log");
    if (is_wal && system_.sync_fails_) return IOStatus::IOError("input/output error (injected)");
    if (is_wal && system_.hold_syncs_) {
      ++system_.held_syncs_;
      system_.held_syncs_.notify_all();
      system_.hold_syncs_.wait(true);
    }
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

void FaultyFs::set_synced(const std::string& name, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (powered_) synced_[name] = std::max(synced_[name], bytes);
}

IOStatus FaultyFs::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                   std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) {
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
  std::unique_ptr<rocksdb::FSWritableFile> inner;
  IOStatus status = target()->ReopenWritableFile(name, options, &inner, debug);
  if (!status.ok()) return status;
  const std::uint64_t size = inner->GetFileSize({}, nullptr);
  *file = std::make_unique<File>(*this, name, size, std::move(inner));
  return status;
}

IOStatus FaultyFs::RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                              IODebugContext* debug) {
  // The one thing that could not be undone; RocksDB renames at start and when a MANIFEST is full.
  if (!powered_) return IOStatus::IOError("no power (injected)");
  IOStatus status = target()->RenameFile(from, to, options, debug);
  const std::lock_guard lock(mutex_);
  if (auto node = synced_.extract(from); status.ok() && !node.empty()) synced_[to] = node.mapped();
  return status;
}

IOStatus FaultyFs::DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* debug) {
  {
    const std::lock_guard lock(mutex_);
    if (!powered_) return IOStatus::OK();
    synced_.erase(name);
  }
  return target()->DeleteFile(name, options, debug);
}

void FaultyFs::hold_syncs(bool hold) {
  hold_syncs_ = hold;
  hold_syncs_.notify_all();
}

void FaultyFs::cut_power() {
  const std::lock_guard lock(mutex_);
  powered_ = false;
  for (const auto& [name, synced] : synced_) {
    if (std::filesystem::exists(name)) at_cut_[name] = {.synced = synced, .size = std::filesystem::file_size(name)};
  }
}

void FaultyFs::lose_unsynced(std::uint64_t torn_bytes) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, bytes] : synced_) {
    if (!at_cut_.contains(name)) std::filesystem::remove(name);
  }
  for (const auto& [name, extent] : at_cut_) {
    const std::uint64_t keep = std::min(extent.size, extent.synced + torn_bytes);
    if (std::filesystem::file_size(name) > keep) std::filesystem::resize_file(name, keep);
    if (keep > extent.synced && name.ends_with(".log")) flip_bit(name, keep - 1);
  }
  std::erase_if(synced_, [this](const auto& entry) { return !at_cut_.contains(entry.first); });
  at_cut_.clear();
  powered_ = true;
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
