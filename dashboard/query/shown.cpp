#include "dashboard/query/shown.h"

#include "core/base/encoding.h"

namespace mmm::dashboard {

std::string shown(std::string_view text) {
  constexpr std::size_t kBytesMax = 64;
  const std::string clean = sanitize_utf8(text.substr(0, kBytesMax));
  return text.size() > kBytesMax ? clean + "…" : clean;
}

}  // namespace mmm::dashboard
