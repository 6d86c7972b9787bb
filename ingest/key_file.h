#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>

namespace mmm::ingest {

// The key of a server whose configuration names none: the first line of the file, which is made with a new key,
// readable by its owner only, when it does not exist. Fails with kIo or kInvalidArgument (an empty file).
Result<std::string> read_or_make_key(const std::filesystem::path& path);

}  // namespace mmm::ingest
