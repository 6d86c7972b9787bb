#pragma once

#include <string>
#include <string_view>

namespace mmm::sim {

// The bytes as a JSON string with its quotes; what is not UTF-8 becomes U+FFFD.
std::string json_text(std::string_view bytes);

}  // namespace mmm::sim
