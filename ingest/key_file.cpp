#include "ingest/key_file.h"

#include "core/config/ini_file.h"
#include "ingest/api_keys.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mmm::ingest {
namespace {

constexpr std::size_t kKeyFileBytesMax = 4096;

Error io_error(const std::filesystem::path& path) {
  return Error{ErrorKind::kIo, fmt::format("write the key to {}: {}", path.string(), std::strerror(errno))};
}

Result<std::string> make_key_file(const std::filesystem::path& path) {
  const std::string key = make_api_key();
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return fail(io_error(path));
  const std::string line = key + "\n";
  const bool written =
      ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(file) == 0;
  const Error error = io_error(path);
  ::close(file);
  if (!written) {
    // Half a key would be taken for a whole one at the next start.
    ::unlink(path.c_str());
    return fail(error);
  }
  return key;
}

}  // namespace

Result<std::string> read_or_make_key(const std::filesystem::path& path) {
  auto text = config::read_text_file(path, kKeyFileBytesMax);
  if (!text && text.error().kind == ErrorKind::kNotFound) return make_key_file(path);
  if (!text) return text;
  std::string key = text->substr(0, text->find_first_of("\r\n"));
  if (key.empty()) {
    return fail(ErrorKind::kInvalidArgument, "{} holds no key: remove it, and a new one is made", path.string());
  }
  return key;
}

}  // namespace mmm::ingest
