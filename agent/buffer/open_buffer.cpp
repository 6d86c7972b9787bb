#include "agent/buffer/open_buffer.h"

#include "core/base/time.h"
#include "core/log/log.h"

#include <system_error>

namespace mmm::agent {
namespace {

// A colon is no good in a file name, so the time is written as digits only.
std::string time_suffix() {
  std::string text = to_iso8601(wall_now());
  std::erase_if(text, [](char c) { return c == ':' || c == '-'; });
  return text;
}

Result<> move_aside(const std::filesystem::path& path, std::filesystem::path& moved) {
  moved = path;
  moved += ".corrupt-" + time_suffix();
  std::error_code error;
  std::filesystem::rename(path, moved, error);
  if (error) return fail(ErrorKind::kIo, "rename {} to {}: {}", path.string(), moved.string(), error.message());
  // The log belongs to that file and would be replayed into the new one.
  for (const char* suffix : {"-wal", "-shm"}) {
    const std::filesystem::path companion = path.string() + suffix;
    if (!std::filesystem::exists(companion, error)) continue;
    std::filesystem::rename(companion, moved.string() + suffix, error);
    if (error) return fail(ErrorKind::kIo, "rename {}: {}", companion.string(), error.message());
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Buffer>> open_buffer(const BufferOptions& options) {
  const auto directory = options.path.parent_path();
  std::error_code error;
  if (!directory.empty()) std::filesystem::create_directories(directory, error);
  if (error) {
    return fail(ErrorKind::kIo,
                "cannot make the buffer's directory {}: {}; set [agent] database_dir to one that this "
                "user may write",
                directory.string(), error.message());
  }
  auto buffer = Buffer::open(options);
  if (buffer || buffer.error().kind != ErrorKind::kCorrupt) return buffer;

  return replace_damaged_buffer(options, buffer.error().message);
}

Result<std::unique_ptr<Buffer>> replace_damaged_buffer(const BufferOptions& options, const std::string& damage) {
  std::filesystem::path moved;
  if (auto result = move_aside(options.path, moved); !result) return fail(result.error().with("{}", damage));
  log::error(
      "agent/buffer",
      "the buffer is damaged ({}); it was moved to {}, and a new stream begins: what was not yet uploaded stays in "
      "that file",
      damage, moved.string());
  return Buffer::open(options);
}

}  // namespace mmm::agent
