#pragma once

#include "core/http/parse/refusal.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mmm::http {

// Splits a request target ("/a%20b?x=1", or "http://host/a%20b?x=1") and decodes it, strictly: a bad escape, a control
// character, text that is not UTF-8, an escaped slash and a "." or ".." segment are refused with 400. "*" stays as it
// is. Puts the results into `path` and `query`.
Parsed<> parse_target(std::string_view target, std::string& path,
                      std::vector<std::pair<std::string, std::string>>& query);

}  // namespace mmm::http
