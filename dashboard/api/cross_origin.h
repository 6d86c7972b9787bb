#pragma once

#include "core/http/message.h"

#include <string>
#include <vector>

namespace mmm::dashboard {

// Adds what lets pages of other sites read an answer (CORS), when their origin is one of `allowed` ("*": every one).
// Credentials are never allowed: the API knows none.
void allow_origin(const std::vector<std::string>& allowed, const http::Request& request, http::Response& response);

// The answer to a preflight: GET and HEAD, with the headers that the API looks at.
http::Response preflight(const std::vector<std::string>& allowed, const http::Request& request);

}  // namespace mmm::dashboard
