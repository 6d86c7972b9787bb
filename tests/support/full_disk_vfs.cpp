#include "tests/support/full_disk_vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <limits>
#include <new>

namespace mmm::testing {
namespace {

std::atomic<std::int64_t> bytes_left = std::numeric_limits<std::int64_t>::max();
std::atomic<bool> is_broken = false;
std::atomic<bool> is_synced = true;
sqlite3_vfs* real_vfs = nullptr;
sqlite3_vfs full_disk_vfs;

// The real file follows this header in the memory that SQLite gives.
struct File {
  sqlite3_file base;
  [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* file_of(sqlite3_file* file) {
  return reinterpret_cast<File*>(file);
}
sqlite3_file* real_of(sqlite3_file* file) {
  return file_of(file)->real();
}

int write_within_budget(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  if (is_broken) return SQLITE_IOERR_WRITE;
  sqlite3_int64 length = 0;
  if (const int code = real_of(file)->pMethods->xFileSize(real_of(file), &length); code != SQLITE_OK) return code;
  const sqlite3_int64 growth = offset + size - length;
  if (growth > 0) {
    if (bytes_left < growth) return SQLITE_FULL;
    bytes_left -= growth;
  }
  return real_of(file)->pMethods->xWrite(real_of(file), data, size, offset);
}

int sync_unless_broken(sqlite3_file* file, int flags) {
  if (is_broken) return SQLITE_IOERR_FSYNC;
  if (!is_synced) return SQLITE_OK;
  return real_of(file)->pMethods->xSync(real_of(file), flags);
}

// The hint makes the real file longer, as a write does.
int control_within_budget(sqlite3_file* file, int operation, void* argument) {
  if (operation == SQLITE_FCNTL_SIZE_HINT) {
    sqlite3_int64 length = 0;
    real_of(file)->pMethods->xFileSize(real_of(file), &length);
    const sqlite3_int64 growth = *static_cast<sqlite3_int64*>(argument) - length;
    if (growth > bytes_left) return SQLITE_FULL;
    if (growth > 0) bytes_left -= growth;
  }
  return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

const sqlite3_io_methods kMethods{
    .iVersion = 1,
    .xClose = [](sqlite3_file* f) { return real_of(f)->pMethods->xClose(real_of(f)); },
    .xRead = [](sqlite3_file* f, void* to, int n,
                sqlite3_int64 at) { return real_of(f)->pMethods->xRead(real_of(f), to, n, at); },
    .xWrite = write_within_budget,
    .xTruncate = [](sqlite3_file* f, sqlite3_int64 size) { return real_of(f)->pMethods->xTruncate(real_of(f), size); },
    .xSync = sync_unless_broken,
    .xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return real_of(f)->pMethods->xFileSize(real_of(f), size); },
    .xLock = [](sqlite3_file* f, int level) { return real_of(f)->pMethods->xLock(real_of(f), level); },
    .xUnlock = [](sqlite3_file* f, int level) { return real_of(f)->pMethods->xUnlock(real_of(f), level); },
    .xCheckReservedLock = [](sqlite3_file* f,
                             int* out) { return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out); },
    .xFileControl = control_within_budget,
    .xSectorSize = [](sqlite3_file* f) { return real_of(f)->pMethods->xSectorSize(real_of(f)); },
    .xDeviceCharacteristics = [](sqlite3_file* f) { return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f)); },
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const int code = real_vfs->xOpen(real_vfs, name, real_of(file), flags, out_flags);
  file->pMethods = real_of(file)->pMethods != nullptr ? &kMethods : nullptr;
  return code;
}

}  // namespace

FullDiskVfs::FullDiskVfs() {
  real_vfs = sqlite3_vfs_find(nullptr);
  full_disk_vfs = *real_vfs;
  full_disk_vfs.zName = "full-disk";
  full_disk_vfs.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
  full_disk_vfs.xOpen = open_file;
  sqlite3_vfs_register(&full_disk_vfs, 1);
  set_bytes_left(std::numeric_limits<std::int64_t>::max());
  set_broken(false);
  set_synced(true);
}

FullDiskVfs::~FullDiskVfs() {
  sqlite3_vfs_unregister(&full_disk_vfs);
  sqlite3_vfs_register(real_vfs, 1);
}

void FullDiskVfs::set_bytes_left(std::int64_t bytes) {
  bytes_left = bytes;
}
void FullDiskVfs::set_broken(bool broken) {
  is_broken = broken;
}
void FullDiskVfs::set_synced(bool synced) {
  is_synced = synced;
}

}  // namespace mmm::testing
