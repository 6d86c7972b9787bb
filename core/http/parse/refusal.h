#pragma once

#include <expected>
#include <string>

namespace mmm::http {

// Why a request is not served: the status to answer with, and what is wrong, for a person.
struct Refusal {
  int status;
  std::string detail;
};

// What parsing gives. Not Result, since each mistake has a status of its own.
template <class T = void>
using Parsed = std::expected<T, Refusal>;

[[nodiscard]] inline std::unexpected<Refusal> refuse(int status, std::string detail) {
  return std::unexpected(Refusal{status, std::move(detail)});
}

}  // namespace mmm::http
