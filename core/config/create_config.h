#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string_view>

namespace mmm::config {

// Writes a sample configuration into a new file, which its owner alone may read, since keys will stand in it. Fails
// with kIo; a file that is there already is left alone.
Result<> create_config(const std::filesystem::path& path, std::string_view sample);

}  // namespace mmm::config
