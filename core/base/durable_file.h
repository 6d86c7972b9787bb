#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string_view>

namespace mmm {

// Replaces the file by one with this content, readable by its owner only. After a crash there is the old file or the
// new one, whole. A file that root makes is given to the owner of its directory, so that a service that runs as another
// user can read what its administrator wrote. Fails with kIo, or kDiskFull; the old file is then as it was.
Result<> replace_file(const std::filesystem::path& path, std::string_view content);

}  // namespace mmm
