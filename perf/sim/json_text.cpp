#include "perf/sim/json_text.h"

#include "core/base/encoding.h"

#include <fmt/format.h>

namespace mmm::sim {

std::string json_text(std::string_view bytes) {
  std::string out = "\"";
  for (const char c : sanitize_utf8(bytes)) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace mmm::sim
