#pragma once

#include "core/base/error.h"

#include <expected>
#include <utility>

namespace mmm {

// The one way a function says that an expected failure happened. std::expected was chosen over boost::outcome because
// it is the standard's, needs no macro in coroutines and clang 19 with libstdc++ 12 compiles it; clang-tidy's
// bugprone-unused-return-value makes an unchecked one an error.
template <class T = void>
using Result = std::expected<T, Error>;

// Builds the failure: `return fail(ErrorKind::kMalformed, "frame of {} bytes", size);`
template <class... Args>
[[nodiscard]] std::unexpected<Error> fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(Error{kind, fmt::format(format, std::forward<Args>(args)...)});
}

// Passes a failure up, as it is or with context: `return fail(result.error().with("open {}", path));`
[[nodiscard]] inline std::unexpected<Error> fail(Error error) {
  return std::unexpected(std::move(error));
}

}  // namespace mmm
