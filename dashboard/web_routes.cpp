#include "dashboard/web_routes.h"

#include "core/http/negotiate.h"

#include <string>

namespace mmm::dashboard {
namespace {

constexpr std::string_view kPage = "index.html";
// Where people look for it, though it is a file of its own name.
constexpr std::string_view kApiDocsPath = "api/docs";
constexpr std::string_view kApiDocsPage = "api-docs.html";
constexpr std::string_view kMapTiles = "assets/basemap-";

// Scripts, styles, workers and data come from this server alone and never from the document's text. Trusted Types make
// every way of turning a string into markup or script fail in the browser; the one policy, `default`, lets through only
// worker scripts of this site (see dashboard/web/src/trusted_types.ts).
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default";

void add_common_headers(http::Response& response, bool immutable) {
  response.headers.push_back({"Referrer-Policy", "no-referrer"});
  response.headers.push_back({"Cross-Origin-Resource-Policy", "same-origin"});
  response.headers.push_back({"Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache"});
}

http::Response file_response(const StaticFile& file, const http::Request& request) {
  http::Response response;
  add_common_headers(response, file.immutable);
  response.headers.push_back({"ETag", std::string(file.etag)});
  if (!file.gzip.empty() || !file.brotli.empty()) {
    response.headers.push_back({"Vary", "Accept-Encoding"});
  }
  if (http::etag_matches(request.header("if-none-match"), file.etag)) {
    response.status = 304;
    return response;
  }
  response.headers.push_back({"Content-Type", std::string(file.content_type)});
  if (file.content_type.starts_with("text/html")) {
    response.headers.push_back({"Content-Security-Policy", std::string(kContentSecurityPolicy)});
  }
  const auto accept_encoding = request.header("accept-encoding");
  if (!file.brotli.empty() && http::accepts_coding(accept_encoding, "br")) {
    response.headers.push_back({"Content-Encoding", "br"});
    response.static_body = file.brotli;
  } else if (!file.gzip.empty() && http::accepts_coding(accept_encoding, "gzip")) {
    response.headers.push_back({"Content-Encoding", "gzip"});
    response.static_body = file.gzip;
  } else {
    response.static_body = file.body;
  }
  return response;
}

// A page of the application has no dot in its last segment (files have) and is nothing of the API's.
bool is_page(std::string_view path) {
  const auto last = path.substr(path.rfind('/') + 1);
  return last.find('.') == std::string_view::npos && path != "api" && !path.starts_with("api/") &&
         !path.starts_with("assets/");
}

// Has nothing to wait for.
boost::asio::awaitable<http::Response> answer(std::span<const StaticFile> files, const http::Request& request) {
  co_return static_response(files, request);
}

}  // namespace

http::Response static_response(std::span<const StaticFile> files, const http::Request& request) {
  const auto path = std::string_view(request.path).substr(request.path.starts_with('/') ? 1 : 0);
  if (const auto* file = find_static_file(files, path); file != nullptr) {
    return file_response(*file, request);
  }
  const bool is_docs = path == kApiDocsPath;
  if (is_docs || is_page(path)) {
    if (const auto* page = find_static_file(files, is_docs ? kApiDocsPage : kPage); page != nullptr) {
      return file_response(*page, request);
    }
    return http::problem(404, "No web application",
                         "This program was built without the web application (MMM_BUILD_WEB=OFF). The API is at "
                         "/api/v1/.");
  }
  if (path.starts_with(kMapTiles) && path.ends_with(".pbf")) {
    http::Response empty;  // open sea
    empty.status = 204;
    add_common_headers(empty, true);
    return empty;
  }
  return http::problem(404, "Not found", "There is nothing at this path.");
}

void add_web_routes(http::Router& router, std::span<const StaticFile> files) {
  const auto handler = [files](http::Request& request) { return answer(files, request); };
  router.add(http::Method::kGet, "/", handler);
  router.add(http::Method::kGet, "/{path...}", handler);
}

void add_web_routes(http::Router& router) {
  add_web_routes(router, static_files());
}

}  // namespace mmm::dashboard
