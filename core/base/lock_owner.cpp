#include "core/base/lock_owner.h"

#include <fcntl.h>
#include <unistd.h>

namespace mmm {

std::optional<pid_t> lock_owner(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  struct flock lock{};
  lock.l_type = F_WRLCK;  // what any lock of another is in the way of
  lock.l_whence = SEEK_SET;
  const bool asked = ::fcntl(file, F_GETLK, &lock) == 0;
  ::close(file);
  if (!asked || lock.l_type == F_UNLCK) return std::nullopt;
  return lock.l_pid;
}

}  // namespace mmm
