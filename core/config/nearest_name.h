#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mmm::config {

// The name that somebody who typed `typed` most likely meant: the one with the fewest edits, when these are few for its
// length; else empty.
std::string nearest_name(std::string_view typed, const std::vector<std::string>& names);

}  // namespace mmm::config
