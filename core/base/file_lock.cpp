#include "core/base/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mmm {

Result<FileLock> FileLock::lock(const std::filesystem::path& path, int operation) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return fail(ErrorKind::kIo, "open the lock {}: {}", path.string(), std::strerror(errno));
  FileLock held(file);
  int code = 0;
  do {
    code = ::flock(file, operation);
  } while (code != 0 && errno == EINTR);
  if (code == 0) return held;
  if (errno == EWOULDBLOCK) return fail(ErrorKind::kUnavailable, "{} is held by another process", path.string());
  return fail(ErrorKind::kIo, "lock {}: {}", path.string(), std::strerror(errno));
}

Result<FileLock> FileLock::try_exclusive(const std::filesystem::path& path) {
  return lock(path, LOCK_EX | LOCK_NB);
}

Result<FileLock> FileLock::shared(const std::filesystem::path& path) {
  return lock(path, LOCK_SH);
}

Result<FileLock> FileLock::exclusive(const std::filesystem::path& path) {
  return lock(path, LOCK_EX);
}

FileLock::~FileLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace mmm
