#pragma once

#include "core/http/message.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mmm::http {

// The framing that the server chose for one response.
struct ResponseFraming {
  bool keep_alive = true;
  bool http_1_0 = false;
  bool chunked = false;
  // Absent for a response without a length: chunked, until the connection closes, or without a body by its status.
  std::optional<std::uint64_t> content_length;
};

// True for the statuses whose responses never have a body.
bool is_bodiless(int status);

// Appends the status line and all headers with the empty line. `date` is the value of the Date header. Framing headers
// that a handler set are left out, for they are the server's; control characters in a value become spaces, so that text
// from outside cannot add a header.
void append_response_head(std::string& out, const Response& response, const ResponseFraming& framing,
                          std::string_view date);

// "Tue, 24 Nov 2026 03:54:53 GMT"
std::string http_date(std::int64_t unix_seconds);

}  // namespace mmm::http
