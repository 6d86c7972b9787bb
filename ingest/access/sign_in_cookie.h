#pragma once

#include "core/base/time.h"

#include <optional>
#include <string>
#include <string_view>

namespace mmm::ingest {

// The value of the cookie of a browser that has signed in: who, until when, and a MAC of both. Nothing is kept of it:
// its key is derived from the reader's token, so that it is good as long as the token is, restarts included.
std::string make_sign_in(std::string_view name, std::string_view token, WallTime valid_until);

// Whose cookie the value claims to be; empty when it is none of ours. Nothing is proved by it.
std::string_view sign_in_name(std::string_view value);

// Whether it is a cookie that was made with this token and is valid at `now`.
bool is_sign_in(std::string_view value, std::string_view token, WallTime now);

// The value of a cookie in a Cookie header; empty view when it is not there.
std::string_view cookie_value(std::string_view cookie_header, std::string_view name);

}  // namespace mmm::ingest
