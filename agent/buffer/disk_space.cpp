#include "agent/buffer/disk_space.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <string>

namespace mmm::agent {
namespace {

// The checkpoint runs after 1000 pages; above that comes one transaction's worth.
constexpr off_t kLogBytes = 6 << 20;
// The file grows and shrinks in these steps.
constexpr int kChunkBytes = 256 << 10;

}  // namespace

void reserve_log_space(const sqlite::Database& database) {
  // SQLite's locks are on the database file alone, so opening and closing its log here releases none of them. Frames
  // beyond the last valid checksum are ignored, zeros too.
  const std::string log = database.path().string() + "-wal";
  const int file = ::open(log.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  static_cast<void>(::fallocate(file, 0, 0, kLogBytes));
  ::close(file);
}

Result<> reserve_file_space(sqlite::Database& database, std::uint64_t bytes) {
  int chunk = kChunkBytes;
  sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_CHUNK_SIZE, &chunk);
  auto size = static_cast<sqlite3_int64>(bytes);
  const int code = sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_SIZE_HINT, &size);
  if (code == SQLITE_OK) return {};
  return fail(ErrorKind::kDiskFull, "{}: no room to grow to {} bytes", database.path().string(), bytes);
}

}  // namespace mmm::agent
