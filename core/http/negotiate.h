#pragma once

#include <string_view>

// What of a request's headers decides in which form an answer is sent.
namespace mmm::http {

// Whether Accept-Encoding takes the coding ("gzip"): it is named, or `*` is, with a weight above zero (RFC 9110
// §12.5.3).
bool accepts_coding(std::string_view accept_encoding, std::string_view coding);

// Whether If-None-Match names the entity tag, by weak comparison (RFC 9110 §13.1.2): the client has the answer already.
bool etag_matches(std::string_view if_none_match, std::string_view etag);

}  // namespace mmm::http
