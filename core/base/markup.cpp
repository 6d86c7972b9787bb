#include "core/base/markup.h"

#include "core/base/encoding.h"

namespace mmm {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_allowed_control(char c) {
  return c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

std::string escape_markup(std::string_view text) {
  std::string out;
  for (const char c : sanitize_utf8(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 && !is_allowed_control(c)) {
          out += kReplacement;
        } else {
          out += c;
        }
    }
  }
  // U+FFFE and U+FFFF are UTF-8, but no characters of XML.
  for (const std::string_view noncharacter : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
    for (std::size_t at = out.find(noncharacter); at != std::string::npos; at = out.find(noncharacter, at)) {
      out.replace(at, noncharacter.size(), kReplacement);
    }
  }
  return out;
}

}  // namespace mmm
