#pragma once

#include <string_view>

namespace mmm {

// Prints "BUG: …" with the place to standard error and aborts. For broken invariants only, never for bad input.
[[noreturn]] void check_failed(std::string_view expression, std::string_view file, int line);

}  // namespace mmm

// Stays on in release builds: going on with a broken invariant could lose or double records.
#define MMM_CHECK(expression) \
  (static_cast<bool>(expression) ? static_cast<void>(0) : ::mmm::check_failed(#expression, __FILE__, __LINE__))
