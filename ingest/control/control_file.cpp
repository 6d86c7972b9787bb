#include "ingest/control/control_file.h"

#include "core/config/ini_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <vector>

namespace mmm::ingest {
namespace {

constexpr std::size_t kControlFileBytesMax = 1024;

}  // namespace

Result<> write_control_file(const std::filesystem::path& path, const ControlAddress& address) {
  const std::filesystem::path beside = path.string() + ".new";
  const std::string text = fmt::format("{}\n{}\n{}\n", address.host, address.port, address.token);
  (void)::unlink(beside.c_str());
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool written =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::close(file) == 0;
  if (written && ::rename(beside.c_str(), path.c_str()) == 0) return {};
  return fail(ErrorKind::kIo, "write {}: {}", path.string(), std::strerror(errno));
}

Result<ControlAddress> read_control_file(const std::filesystem::path& path) {
  auto text = config::read_text_file(path, kControlFileBytesMax);
  if (!text) return fail(text.error());
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = std::min(text->find('\n', at), text->size());
    lines.push_back(text->substr(at, end - at));
    at = end + 1;
  }
  ControlAddress address;
  if (lines.size() == 3) {
    const std::string& port = lines[1];
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (error == std::errc() && end == port.data() + port.size() && !lines[2].empty()) {
      address.host = lines[0];
      address.token = lines[2];
      return address;
    }
  }
  return fail(ErrorKind::kMalformed, "{} is not what a running server writes: restart it", path.string());
}

}  // namespace mmm::ingest
