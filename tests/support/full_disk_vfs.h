#pragma once

#include <cstdint>

namespace mmm::testing {

// A file system that can be full: an SQLite VFS, made the default while it lives, that lets files grow by a budget and
// then answers SQLITE_FULL to every write that would make one longer. Writing over what is there goes on, as on a real
// disk.
class FullDiskVfs {
 public:
  FullDiskVfs();
  ~FullDiskVfs();
  FullDiskVfs(const FullDiskVfs&) = delete;
  FullDiskVfs& operator=(const FullDiskVfs&) = delete;

  // Bytes by which files may still grow; unlimited until it is set.
  void set_bytes_left(std::int64_t bytes);
  // Makes every write and sync fail with an I/O error, as a dying disk does.
  void set_broken(bool broken);
  // Makes every sync return at once, for tests that commit often and cut no power.
  void set_synced(bool synced);
};

}  // namespace mmm::testing
