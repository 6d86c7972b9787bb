#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

// A base map in one file (PMTiles, version 3), of which browsers ask for pieces.
namespace mmm::dashboard {

// Bytes that one answer has at most: directories and tiles are far smaller.
inline constexpr std::size_t kPmtilesPieceMax = 4U << 20U;

// What a Range header asks for: one piece, from `first` to `last`, both included.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

// "bytes=0-16383"; empty when it is another unit, several pieces, the end of a file of unknown length, or no range.
std::optional<ByteRange> parse_byte_range(std::string_view header);

// An open file. Thread-safe: each read names its place.
class PmtilesFile {
 public:
  // Fails when it cannot be read or does not begin as a PMTiles file of version 3 does.
  static Result<PmtilesFile> open(const std::filesystem::path& path);
  PmtilesFile(PmtilesFile&& other) noexcept;
  PmtilesFile& operator=(PmtilesFile&&) = delete;
  PmtilesFile(const PmtilesFile&) = delete;
  PmtilesFile& operator=(const PmtilesFile&) = delete;
  ~PmtilesFile();

  [[nodiscard]] std::uint64_t size() const { return size_; }
  // Changes when the file is another one.
  [[nodiscard]] const std::string& etag() const { return etag_; }

  // The piece, as far as the file and kPmtilesPieceMax go. Blocks. kInvalidArgument: it begins behind the end.
  [[nodiscard]] Result<std::string> read(ByteRange range) const;

 private:
  PmtilesFile(int descriptor, std::uint64_t size, std::string etag);

  int descriptor_;
  std::uint64_t size_;
  std::string etag_;
};

}  // namespace mmm::dashboard
