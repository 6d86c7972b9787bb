#include "ingest/care/manifest.h"

#include "core/base/encoding.h"
#include "core/base/limits.h"
#include "core/config/ini_file.h"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <utility>

namespace mmm::ingest {
namespace {

constexpr std::string_view kFormat = "mmm-backup ";
constexpr std::uint64_t kFormatVersion = 1;

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

// Takes the text up to `end` off the front.
std::string_view take(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view front = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return front;
}

template <class Number>
bool to_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// A backup may come from anywhere: no name leads out of it.
bool is_inside(std::string_view name) {
  return name == "index.db" || name == "api_key" ||
         (name.starts_with("log/") && name.size() > 4 && name.find('/', 4) == std::string_view::npos &&
          !name.substr(4).starts_with('.'));
}

bool read_line(std::string_view line, Manifest& manifest) {
  const std::string_view word = take(line, ' ');
  if (word == "program") {
    manifest.program = line;
    return true;
  }
  if (word == "time_us") return to_number(line, manifest.time_us);
  if (word == "last_id") return to_number(line, manifest.last_id);
  if (word == "cursor") return to_number(line, manifest.cursor);
  if (word != "file") return false;
  Manifest::File file;
  const bool good = to_number(take(line, ' '), file.digest.bytes);
  file.digest.sha256 = take(line, ' ');
  file.name = line;
  manifest.files.push_back(file);
  return good && is_inside(file.name);
}

}  // namespace

std::uint64_t Manifest::bytes() const {
  std::uint64_t sum = 0;
  for (const File& file : files) sum += file.digest.bytes;
  return sum;
}

std::string to_text(const Manifest& manifest) {
  std::string text = fmt::format("{}{}\nprogram {}\ntime_us {}\nlast_id {}\ncursor {}\n", kFormat, kFormatVersion,
                                 manifest.program, manifest.time_us, manifest.last_id, manifest.cursor);
  for (const Manifest::File& file : manifest.files) {
    text += fmt::format("file {} {} {}\n", file.digest.bytes, file.digest.sha256, file.name);
  }
  return text + fmt::format("sum {}\n", sha256_hex(text));
}

Result<Manifest> read_manifest(const std::filesystem::path& backup) {
  const std::filesystem::path path = backup / kManifestName;
  auto text = config::read_text_file(path, limits::kManifestBytesMax);
  if (!text && text.error().kind == ErrorKind::kNotFound) {
    return fail(ErrorKind::kNotFound, "{} is no whole backup: it has no {}", backup.string(), kManifestName);
  }
  if (!text) return fail(text.error());
  const auto malformed = [&path](std::string_view why) {
    return fail(ErrorKind::kMalformed, "{} is damaged ({}): take another backup", path.string(), why);
  };
  std::string_view rest = *text;
  std::string_view first = take(rest, '\n');
  std::uint64_t version = 0;
  if (!first.starts_with(kFormat) || !to_number(first.substr(kFormat.size()), version))
    return malformed("its first line");
  if (version > kFormatVersion) {
    return fail(ErrorKind::kNewerVersion, "{} has version {}, this program knows up to version {}: use a newer program",
                path.string(), version, kFormatVersion);
  }
  const std::size_t sum_at = text->rfind("sum ");
  if (sum_at == std::string::npos || text->substr(sum_at) != "sum " + sha256_hex(text->substr(0, sum_at)) + "\n") {
    return malformed("its sum");
  }
  Manifest manifest;
  rest = std::string_view(*text).substr(0, sum_at);
  take(rest, '\n');
  while (!rest.empty()) {
    const std::string_view line = take(rest, '\n');
    if (!read_line(line, manifest)) return malformed(line);
  }
  return manifest;
}

}  // namespace mmm::ingest
