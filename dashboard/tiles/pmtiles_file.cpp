#include "dashboard/tiles/pmtiles_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

namespace mmm::dashboard {
namespace {

// "PMTiles", and the version.
constexpr std::string_view kMagic("PMTiles\x03", 8);
// What the header takes.
constexpr std::uint64_t kHeaderBytes = 127;

std::string last_error() {
  return std::system_category().message(errno);
}

bool take_number(std::string_view& text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

}  // namespace

std::optional<ByteRange> parse_byte_range(std::string_view header) {
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit)) return std::nullopt;
  header.remove_prefix(kUnit.size());
  ByteRange range;
  if (!take_number(header, range.first) || !header.starts_with('-')) return std::nullopt;
  header.remove_prefix(1);
  if (!take_number(header, range.last) || !header.empty() || range.last < range.first) return std::nullopt;
  return range;
}

PmtilesFile::PmtilesFile(int descriptor, std::uint64_t size, std::string etag)
    : descriptor_(descriptor), size_(size), etag_(std::move(etag)) {}

PmtilesFile::PmtilesFile(PmtilesFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_), etag_(std::move(other.etag_)) {}

PmtilesFile::~PmtilesFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<PmtilesFile> PmtilesFile::open(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return fail(ErrorKind::kIo, "cannot open the map {}: {}", path.string(), last_error());
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return fail(ErrorKind::kIo, "the map {} is no file", path.string());
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  PmtilesFile file(descriptor, size,
                   fmt::format("\"{:x}-{:x}-{:x}\"", size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec));
  auto head = file.read({.first = 0, .last = kHeaderBytes - 1});
  if (!head) return fail(head.error());
  if (head->size() < kHeaderBytes || !head->starts_with(kMagic)) {
    return fail(ErrorKind::kInvalidArgument, "{} is not a PMTiles file of version 3", path.string());
  }
  return file;
}

Result<std::string> PmtilesFile::read(ByteRange range) const {
  if (range.first >= size_) return fail(ErrorKind::kInvalidArgument, "the map has {} bytes", size_);
  const std::uint64_t end = std::min(size_, range.last >= size_ ? size_ : range.last + 1);
  std::string piece(std::min<std::uint64_t>(end - range.first, kPmtilesPieceMax), '\0');
  std::size_t read = 0;
  while (read < piece.size()) {
    const ssize_t count =
        ::pread(descriptor_, piece.data() + read, piece.size() - read, static_cast<off_t>(range.first + read));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(ErrorKind::kIo, "cannot read the map: {}", last_error());
    if (count == 0) return fail(ErrorKind::kIo, "the map has become shorter while the server runs; restart it");
    read += static_cast<std::size_t>(count);
  }
  return piece;
}

}  // namespace mmm::dashboard
