#include "agent/radio/serial_discovery.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <system_error>
#include <vector>

namespace mmm::agent {
namespace {

std::vector<std::string> entries(const std::filesystem::path& directory, std::initializer_list<const char*> prefixes) {
  std::vector<std::string> found;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto name = entry->path().filename().string();
    if (std::ranges::any_of(prefixes, [&](const char* prefix) { return name.starts_with(prefix); })) {
      found.push_back(entry->path().string());
    }
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

Result<std::string> find_serial_device(const std::filesystem::path& root) {
  auto devices = entries(root / "serial" / "by-id", {""});
  if (devices.empty()) devices = entries(root, {"ttyUSB", "ttyACM"});
  if (devices.size() == 1) return devices.front();
  if (devices.empty()) {
    return fail(ErrorKind::kUnavailable,
                "no serial device found: plug the radio in, or set [meshtastic] device_path or tcp_host");
  }
  return fail(ErrorKind::kUnavailable, "several serial devices found, set [meshtastic] device_path to one of: {}",
              fmt::join(devices, ", "));
}

}  // namespace mmm::agent
