#pragma once

#include <string>
#include <string_view>

namespace mmm::log {

// Control characters as \xNN, those of UTF-8's C1 block too: what comes from outside must not start a new line or move
// a terminal's cursor.
std::string escape_control(std::string_view text);
bool has_control(std::string_view text);

}  // namespace mmm::log
