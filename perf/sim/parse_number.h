#pragma once

#include "core/base/result.h"

#include <charconv>
#include <string_view>

namespace mmm::sim {

// The whole text as a number. kInvalidArgument: "WHAT 'TEXT': give ALLOWED".
template <class T>
Result<T> parse_number(std::string_view text, std::string_view what, std::string_view allowed) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return fail(ErrorKind::kInvalidArgument, "{} '{}': give {}", what, text, allowed);
  }
  return value;
}

}  // namespace mmm::sim
