#pragma once

#include "core/http/message.h"

#include <string>
#include <string_view>

namespace mmm::ingest {

// The page on which a reader gives a token: one form, no script. `next`: the path to go to after it, from outside.
// `wrong`: a token was given and is not known. Status 401.
http::Response sign_in_page(std::string_view site_name, std::string_view next, bool wrong);

// The path as the value of a Location header; "/" for what could lead to another site.
std::string location_of(std::string_view path);

}  // namespace mmm::ingest
