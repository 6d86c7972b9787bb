#include "core/base/file_lock.h"

#include "core/base/limits.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace mmm {
namespace {

// flock has no timeout of its own.
constexpr auto kTryEvery = std::chrono::milliseconds(5);

}  // namespace

Result<FileLock> FileLock::lock(const std::filesystem::path& path, int operation, bool wait) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return fail(ErrorKind::kIo, "open the lock {}: {}", path.string(), std::strerror(errno));
  FileLock held(file);
  auto tries = wait ? limits::kFileLockTimeout / kTryEvery : 0;
  while (::flock(file, operation | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return fail(ErrorKind::kIo, "lock {}: {}", path.string(), std::strerror(errno));
    }
    if (tries-- <= 0) return fail(ErrorKind::kUnavailable, "{} is held by another process", path.string());
    std::this_thread::sleep_for(kTryEvery);
  }
  return held;
}

Result<FileLock> FileLock::try_exclusive(const std::filesystem::path& path) {
  return lock(path, LOCK_EX, false);
}

Result<FileLock> FileLock::shared(const std::filesystem::path& path) {
  return lock(path, LOCK_SH, true);
}

Result<FileLock> FileLock::exclusive(const std::filesystem::path& path) {
  return lock(path, LOCK_EX, true);
}

FileLock::~FileLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace mmm
