#include "core/mesh/text_lines.h"

#include "core/base/encoding.h"

#include <algorithm>

namespace mmm::mesh {
namespace {

constexpr char kEscape = '\x1B';
// Shorter runs of printable characters turn up in line noise.
constexpr std::size_t kTextCharactersMin = 4;

// The line without its colours and its carriage return; empty when it is not text.
std::string readable(std::string_view line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == kEscape && i + 1 < line.size() && line[i + 1] == '[') {
      i += 2;
      while (i < line.size() && (line[i] < '@' || line[i] > '~')) ++i;  // parameters, until the final letter
    } else if (c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)) {
      text.push_back(c);
    } else if (c != '\r') {
      return {};
    }
  }
  return text.size() >= kTextCharactersMin && is_valid_utf8(text) ? text : std::string();
}

}  // namespace

void TextLines::add(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    const std::size_t room = kLineBytesMax - line_.size();
    line_.append(piece.substr(0, room));
    if (piece.size() > room) {
      // Cut between characters, so that what is kept stays valid.
      while (!line_.empty() && (static_cast<unsigned char>(line_.back()) & 0xC0) == 0x80) line_.pop_back();
      if (!line_.empty() && static_cast<unsigned char>(line_.back()) >= 0xC0) line_.pop_back();
      line_.resize(kLineBytesMax, ' ');
    }
    if (end == std::string_view::npos) {
      return;
    }
    end_line();
    bytes.remove_prefix(end + 1);
  }
}

void TextLines::end_line() {
  std::string text = readable(line_);
  line_.clear();
  text.resize(text.find_last_not_of(' ') + 1);
  if (text.empty()) {
    return;
  }
  if (lines_.size() == kLinesMax) {
    ++dropped_;
    return;
  }
  lines_.push_back(std::move(text));
}

std::optional<std::string> TextLines::next() {
  if (lines_.empty()) {
    return std::nullopt;
  }
  std::string line = std::move(lines_.front());
  lines_.pop_front();
  return line;
}

}  // namespace mmm::mesh
