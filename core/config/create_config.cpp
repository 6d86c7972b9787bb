#include "core/config/create_config.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mmm::config {

Result<> create_config(const std::filesystem::path& path, std::string_view sample) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST) {
    return fail(ErrorKind::kIo, "{} is there already and was left alone: give another --config", path.string());
  }
  if (file < 0) return fail(ErrorKind::kIo, "{} cannot be made: {}", path.string(), std::strerror(errno));
  std::string_view rest = sample;
  while (!rest.empty()) {
    const ssize_t written = ::write(file, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  const int failure = rest.empty() ? 0 : errno;
  ::close(file);
  if (failure != 0) return fail(ErrorKind::kIo, "{} cannot be written: {}", path.string(), std::strerror(failure));
  return {};
}

}  // namespace mmm::config
