#pragma once

#include "core/http/message.h"
#include "core/http/router.h"
#include "dashboard/static_files.h"

#include <span>

namespace mmm::dashboard {

// Serves the embedded web application: its files, and its one HTML page for every path that is a page of the
// application ("/", "/nodes/!a1b2c3d4"), so that a link into it can be opened and reloaded. Routes added before or
// after that name a path literally win over it.
void add_web_routes(http::Router& router);

// The same for another table, whose files must outlive the router: what the tests use.
void add_web_routes(http::Router& router, std::span<const StaticFile> files);

// The answer to a GET or HEAD of `path` (with leading slash) from `files`: 200 with the best encoding that the client
// takes, 304 when the client has it already, 204 for a map tile without content, 404 as a problem document.
http::Response static_response(std::span<const StaticFile> files, const http::Request& request);

}  // namespace mmm::dashboard
