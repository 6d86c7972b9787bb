#include "core/log/escape.h"

#include <fmt/format.h>

namespace mmm::log {
namespace {

bool is_control(unsigned char byte) {
  return byte < 0x20 || byte == 0x7F;
}

// The C1 controls of UTF-8 text are U+0080 to U+009F, of which U+009B starts a terminal's escape sequence.
bool is_c1_control(std::string_view text, std::size_t at) {
  return at + 1 < text.size() && static_cast<unsigned char>(text[at]) == 0xC2 &&
         static_cast<unsigned char>(text[at + 1]) >= 0x80 && static_cast<unsigned char>(text[at + 1]) <= 0x9F;
}

}  // namespace

std::string escape_control(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (is_c1_control(text, i)) {
      escaped += fmt::format("\\x{:02x}\\x{:02x}", byte, static_cast<unsigned char>(text[++i]));
    } else if (is_control(byte)) {
      escaped += fmt::format("\\x{:02x}", byte);
    } else {
      escaped.push_back(text[i]);
    }
  }
  return escaped;
}

bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_control(static_cast<unsigned char>(text[i])) || is_c1_control(text, i)) return true;
  }
  return false;
}

}  // namespace mmm::log
