#include "dashboard/static_files.h"

#include <algorithm>

namespace mmm::dashboard {

const StaticFile* find_static_file(std::span<const StaticFile> files, std::string_view path) {
  const auto it = std::ranges::lower_bound(files, path, {}, &StaticFile::path);
  return it != files.end() && it->path == path ? &*it : nullptr;
}

}  // namespace mmm::dashboard
