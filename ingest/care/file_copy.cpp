#include "ingest/care/file_copy.h"

#include "core/base/check.h"
#include "core/base/encoding.h"
#include "core/base/limits.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

namespace mmm::ingest {
namespace {

Error file_error(std::string_view doing, const std::filesystem::path& path) {
  const int code = errno;
  const ErrorKind kind = code == ENOSPC || code == EDQUOT ? ErrorKind::kDiskFull
                         : code == ENOENT                 ? ErrorKind::kNotFound
                                                          : ErrorKind::kIo;
  return Error{kind, fmt::format("{} {}: {}", doing, path.string(), std::strerror(code))};
}

class File {
 public:
  File(const std::filesystem::path& path, int flags, unsigned mode = 0)
      : file_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (file_ >= 0) ::close(file_);
  }
  [[nodiscard]] int get() const { return file_; }

 private:
  int file_;
};

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    MMM_CHECK(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }
  void add(std::string_view bytes) { MMM_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1); }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    MMM_CHECK(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1);
    return to_hex({reinterpret_cast<const char*>(digest.data()), size});
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// `to`: empty, only reads.
Result<FileDigest> read_through(const std::filesystem::path& from, const std::filesystem::path& to, unsigned mode,
                                const BytesProgress& progress) {
  const File in(from, O_RDONLY);
  if (in.get() < 0) return fail(file_error("open", from));
  const File out(to.empty() ? "/dev/null" : to, to.empty() ? O_WRONLY : O_WRONLY | O_CREAT | O_EXCL, mode);
  if (out.get() < 0) return fail(file_error("make", to));
  std::vector<char> block(limits::kCopyBlockBytes);
  FileDigest digest;
  Sha256 sum;
  for (;;) {
    const ssize_t got = ::read(in.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(file_error("read", from));
    if (got == 0) break;
    const std::string_view bytes(block.data(), static_cast<std::size_t>(got));
    sum.add(bytes);
    digest.bytes += bytes.size();
    if (!to.empty() && !write_all(out.get(), bytes)) return fail(file_error("write", to));
    if (progress) progress(bytes.size());
  }
  if (!to.empty() && ::fsync(out.get()) != 0) return fail(file_error("sync", to));
  digest.sha256 = sum.hex();
  return digest;
}

}  // namespace

Result<FileDigest> digest_file(const std::filesystem::path& path, const BytesProgress& progress) {
  return read_through(path, {}, 0, progress);
}

Result<FileDigest> copy_file(const std::filesystem::path& from, const std::filesystem::path& to, unsigned mode,
                             const BytesProgress& progress) {
  return read_through(from, to, mode, progress);
}

Result<> write_file(const std::filesystem::path& path, std::string_view text, unsigned mode) {
  const File out(path, O_WRONLY | O_CREAT | O_EXCL, mode);
  if (out.get() >= 0 && write_all(out.get(), text) && ::fsync(out.get()) == 0) return {};
  return fail(file_error("write", path));
}

Result<> sync_folder(const std::filesystem::path& folder) {
  const File opened(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
  if (opened.get() >= 0 && ::fsync(opened.get()) == 0) return {};
  return fail(file_error("sync", folder));
}

}  // namespace mmm::ingest
