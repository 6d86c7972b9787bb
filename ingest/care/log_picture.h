#pragma once

#include "core/base/file_lock.h"
#include "core/base/result.h"
#include "ingest/config.h"

#include <filesystem>

namespace mmm::store {
class PacketLog;
}

namespace mmm::ingest {

// A still picture of the packet log that can be read, copied and opened read-only whatever the server does meanwhile: a
// folder of hard links in the data directory, removed with the object. One at a time for a data directory.
class LogPicture {
 public:
  // Has the running server make it, or makes it itself when none runs. Everything acknowledged by now is in it. Fails
  // with kUnavailable (another backup or check is at work), kNotFound (no log), or as ask_server() and PacketLog.
  static Result<LogPicture> take(const ServerConfig& config);

  // What the server does for it; `log` is open for writing.
  static Result<> make(const store::PacketLog& log, const std::filesystem::path& folder);

  LogPicture(LogPicture&& other) noexcept;
  LogPicture& operator=(LogPicture&&) = delete;
  ~LogPicture();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  LogPicture(FileLock lock, std::filesystem::path path);
  FileLock lock_;
  std::filesystem::path path_;
};

}  // namespace mmm::ingest
