#include "ingest/care/log_picture.h"

#include "core/store/packet_log.h"
#include "ingest/control/ask.h"

#include <system_error>
#include <utility>

namespace mmm::ingest {

LogPicture::LogPicture(FileLock lock, std::filesystem::path path) : lock_(std::move(lock)), path_(std::move(path)) {}

LogPicture::LogPicture(LogPicture&& other) noexcept
    : lock_(std::move(other.lock_)), path_(std::exchange(other.path_, {})) {}

LogPicture::~LogPicture() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Result<> LogPicture::make(const store::PacketLog& log, const std::filesystem::path& folder) {
  std::error_code error;
  // What a backup that was killed has left.
  std::filesystem::remove_all(folder, error);
  if (error) return fail(ErrorKind::kIo, "remove {}: {}", folder.string(), error.message());
  return log.checkpoint(folder);
}

Result<LogPicture> LogPicture::take(const ServerConfig& config) {
  auto lock = FileLock::try_exclusive(config.care_lock_path());
  if (!lock && lock.error().kind == ErrorKind::kUnavailable) {
    return fail(ErrorKind::kUnavailable, "another backup or check of {} is at work: wait for its end",
                config.data_dir.string());
  }
  if (!lock) return fail(lock.error());
  LogPicture picture(std::move(*lock), config.log_picture_path());
  store::PacketLogOptions options;
  options.create = false;
  auto log = store::PacketLog::open(config.log_path(), options);
  if (log) {
    if (auto made = make(**log, picture.path()); !made) return fail(made.error());
    return picture;
  }
  if (log.error().kind != ErrorKind::kUnavailable) return fail(log.error());
  if (auto made = ask_server(config.control_path(), http::Method::kPost, "/control/log-picture"); !made) {
    return fail(made.error());
  }
  return picture;
}

}  // namespace mmm::ingest
