#pragma once

#include <string>
#include <string_view>

namespace mmm {

// The text as content or attribute of HTML or XML 1.0; what no XML may hold (control characters) becomes U+FFFD.
std::string escape_markup(std::string_view text);

}  // namespace mmm
