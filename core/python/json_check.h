#pragma once

#include <simdjson.h>

#include <cstddef>
#include <string_view>

namespace mmm::python {

// Reads a value to its end. simdjson checks only what somebody asks for, so this asks for all of it. Python's NaN,
// Infinity and -Infinity are accepted, and the escapes in strings not looked at. `depth_max` levels may follow.
simdjson::error_code check_json(simdjson::ondemand::value value, std::size_t depth_max);

// The text is one JSON value, of any kind, to its end.
bool is_json(std::string_view text);

// A number, true, false, null or one of Python's own; without white space around it.
bool is_json_scalar(std::string_view token);

}  // namespace mmm::python
