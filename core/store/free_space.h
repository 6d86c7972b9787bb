#pragma once

#include "core/base/result.h"
#include "core/base/time.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

namespace mmm::store {

// Bytes that an ordinary user may still write to the file system that holds `path`.
Result<std::uint64_t> free_bytes(const std::filesystem::path& path);

// Says whether there is room to go on writing. Asks the file system at most once a second, logs when the answer
// changes, and opens again only at a quarter more than it closed at, so that it does not flutter.
class FreeSpaceGuard {
 public:
  // An empty `measure` never closes.
  FreeSpaceGuard(std::function<Result<std::uint64_t>()> measure, std::uint64_t bytes_min);

  [[nodiscard]] bool has_room(SteadyTime now);
  // As measured last; 0 before.
  [[nodiscard]] std::uint64_t last_measured() const { return free_; }

 private:
  std::function<Result<std::uint64_t>()> measure_;
  std::uint64_t bytes_min_;
  std::optional<SteadyTime> measured_at_;
  std::uint64_t free_ = 0;
  bool open_ = true;
};

}  // namespace mmm::store
