#pragma once

#include "core/base/result.h"

#include <filesystem>

namespace mmm::ingest {

// Makes the data directory where there is none. Fails with kIo, in words, when that or writing into it cannot be done.
Result<> make_data_dir(const std::filesystem::path& directory);

}  // namespace mmm::ingest
