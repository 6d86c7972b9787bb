#pragma once

#include <algorithm>
#include <string>
#include <string_view>

// Letters of ASCII without a locale: what names in protocols and configuration are compared by.
namespace mmm {

constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// Other bytes, those of UTF-8 among them, stay as they are.
inline std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return ascii_lower(c); });
  return lower;
}

}  // namespace mmm
