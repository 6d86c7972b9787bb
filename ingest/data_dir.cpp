#include "ingest/data_dir.h"

#include <unistd.h>

namespace mmm::ingest {

Result<> make_data_dir(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return fail(ErrorKind::kIo, "cannot make the data directory {}: {}", directory.string(), error.message());
  }
  if (::access(directory.c_str(), W_OK | X_OK) == 0) return {};
  return fail(ErrorKind::kIo,
              "the data directory {} is not writable for this user: change its owner, or set [server] data_dir",
              directory.string());
}

}  // namespace mmm::ingest
