#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace mmm::ingest {

struct FileDigest {
  std::uint64_t bytes = 0;
  std::string sha256;  // hexadecimal
  bool operator==(const FileDigest&) const = default;
};

// Told how many further bytes are read.
using BytesProgress = std::function<void(std::uint64_t bytes)>;

// Reads the whole file. Fails with kIo or kNotFound.
Result<FileDigest> digest_file(const std::filesystem::path& path, const BytesProgress& progress);

// Copies into a new file of that mode and syncs it. Fails with kDiskFull, kIo or kNotFound; `to` is then not whole.
Result<FileDigest> copy_file(const std::filesystem::path& from, const std::filesystem::path& to, unsigned mode,
                             const BytesProgress& progress);

// Writes a new small file of that mode and syncs it.
Result<> write_file(const std::filesystem::path& path, std::string_view text, unsigned mode);

// Makes the names in the folder durable.
Result<> sync_folder(const std::filesystem::path& folder);

}  // namespace mmm::ingest
