#pragma once

#include "core/http/message.h"
#include "core/http/router.h"
#include "dashboard/static_files.h"

#include <span>
#include <string>
#include <string_view>

namespace mmm::dashboard {

// Serves the embedded web application: its files, and its one HTML page for every path that is a page of the
// application ("/", "/nodes/!a1b2c3d4"), so that a link into it can be opened and reloaded. Routes added before or
// after that name a path literally win over it.
//
// `tile_origin`: another site that the page may fetch map tiles from ("https://tiles.example"); empty: none.
void add_web_routes(http::Router& router, std::string_view tile_origin);

// What the page may load, as a Content-Security-Policy says it.
std::string content_security_policy(std::string_view tile_origin);

// The answer to a GET or HEAD of `path` (with leading slash) from `files`: 200 with the best encoding that the client
// takes and, for a page, with `policy`; 304 when the client has it already, 204 for a map tile without content, 404 as
// a problem document.
http::Response static_response(std::span<const StaticFile> files, const http::Request& request,
                               std::string_view policy);

}  // namespace mmm::dashboard
