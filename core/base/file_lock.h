#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <utility>

namespace mmm {

// An advisory lock on a file (flock), held until destruction or the end of the process, however it ends. Processes and
// objects of one process exclude each other alike. The file stays: removing it would let two holders in.
class FileLock {
 public:
  // Fails with kUnavailable when somebody else has it and kIo when the file cannot be made.
  static Result<FileLock> try_exclusive(const std::filesystem::path& path);
  // Waits for its turn, at most limits::kFileLockTimeout; then as try_exclusive().
  static Result<FileLock> shared(const std::filesystem::path& path);
  static Result<FileLock> exclusive(const std::filesystem::path& path);

  FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FileLock& operator=(FileLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~FileLock();

 private:
  explicit FileLock(int file) : file_(file) {}
  static Result<FileLock> lock(const std::filesystem::path& path, int operation, bool wait);
  int file_;
};

}  // namespace mmm
