#include "core/store/free_space.h"

#include "core/log/log.h"

#include <system_error>
#include <utility>

namespace mmm::store {
namespace {

constexpr auto kMeasureInterval = std::chrono::seconds{1};

}  // namespace

Result<std::uint64_t> free_bytes(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(path, error);
  if (error) return fail(ErrorKind::kIo, "ask for the free space of {}: {}", path.string(), error.message());
  return space.available;
}

FreeSpaceGuard::FreeSpaceGuard(std::function<Result<std::uint64_t>()> measure, std::uint64_t bytes_min)
    : measure_(std::move(measure)), bytes_min_(bytes_min) {}

bool FreeSpaceGuard::has_room(SteadyTime now) {
  if (!measure_) return true;
  if (measured_at_ && now - *measured_at_ < kMeasureInterval) return open_;
  measured_at_ = now;
  auto free = measure_();
  // Not knowing is no reason to refuse: a disk that is really full says so on writing.
  if (!free) return open_;
  free_ = *free;
  const std::uint64_t needed = open_ ? bytes_min_ : bytes_min_ + bytes_min_ / 4;
  const bool open = free_ >= needed;
  if (open != open_) {
    if (open) {
      log::info("core/store", "there is room again ({} MiB free): uploads are taken", free_ >> 20U);
    } else {
      log::error("core/store",
                 "only {} MiB are free on the packet log's disk, at least {} MiB are needed: uploads are refused until "
                 "there is room; agents keep their records meanwhile",
                 free_ >> 20U, bytes_min_ >> 20U);
    }
    open_ = open;
  }
  return open_;
}

}  // namespace mmm::store
