#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

// Whole bodies, compressed and back. Thread-safe; each thread keeps its zstd contexts.
namespace mmm::upload {

// zstd's default level: about 400 MB/s, and protobuf batches shrink to a half or a third.
inline constexpr int kZstdLevelDefault = 3;

// One zstd frame that says its content's size.
std::string zstd_compress(std::string_view bytes, int level = kZstdLevelDefault);

// The content of exactly one zstd frame. Never allocates more than about `max` bytes.
// Fails with kMalformed (not zstd, damaged, cut off, bytes after the frame) or kTooLarge (more than `max` bytes).
Result<std::string> zstd_decompress(std::string_view bytes, std::size_t max);

// The same for one gzip member (RFC 1952).
Result<std::string> gzip_decompress(std::string_view bytes, std::size_t max);

}  // namespace mmm::upload
