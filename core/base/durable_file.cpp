#include "core/base/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

namespace mmm {
namespace {

std::unexpected<Error> write_failed(const std::filesystem::path& path) {
  const ErrorKind kind = errno == ENOSPC || errno == EDQUOT ? ErrorKind::kDiskFull : ErrorKind::kIo;
  return fail(kind, "write {}: {}", path.string(), std::strerror(errno));
}

// A file descriptor and the directory entry of an unfinished file: both are gone at the end.
class Unfinished {
 public:
  explicit Unfinished(std::string path)
      : path_(std::move(path)), file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {}
  ~Unfinished() {
    if (file_ < 0) return;
    ::close(file_);
    if (!kept_) ::unlink(path_.c_str());
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  [[nodiscard]] int file() const { return file_; }
  bool rename_to(const std::filesystem::path& path) {
    kept_ = std::rename(path_.c_str(), path.c_str()) == 0;
    return kept_;
  }

 private:
  std::string path_;
  int file_;
  bool kept_ = false;
};

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool give_to_owner_of(const std::filesystem::path& directory, int file) {
  struct stat of_directory{};
  if (::geteuid() != 0 || ::stat(directory.c_str(), &of_directory) != 0) return true;
  return ::fchown(file, of_directory.st_uid, of_directory.st_gid) == 0;
}

// The new name is on disk only once the directory is.
bool sync_directory(const std::filesystem::path& directory) {
  const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return false;
  const bool synced = ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  errno = error;
  return synced;
}

}  // namespace

Result<> replace_file(const std::filesystem::path& path, std::string_view content) {
  const std::filesystem::path directory = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  Unfinished unfinished(path.string() + ".new");
  const int file = unfinished.file();
  if (file < 0) return write_failed(path);
  const bool written = ::fchmod(file, 0600) == 0 && write_all(file, content) && give_to_owner_of(directory, file) &&
                       ::fsync(file) == 0 && unfinished.rename_to(path);
  if (!written || !sync_directory(directory)) return write_failed(path);
  return {};
}

}  // namespace mmm
