#include "dashboard/web_routes.h"

#include "core/http/negotiate.h"

#include <fmt/core.h>

#include <string>

namespace mmm::dashboard {
namespace {

constexpr std::string_view kPage = "index.html";
// Where people look for it, though it is a file of its own name.
constexpr std::string_view kApiDocsPath = "api/docs";
constexpr std::string_view kApiDocsPage = "api-docs.html";
constexpr std::string_view kMapTiles = "assets/basemap-";

void add_common_headers(http::Response& response, bool immutable) {
  response.headers.push_back({"Referrer-Policy", "no-referrer"});
  response.headers.push_back({"Cross-Origin-Resource-Policy", "same-origin"});
  response.headers.push_back({"Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache"});
}

http::Response file_response(const StaticFile& file, const http::Request& request, std::string_view policy) {
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
    response.headers.push_back({"Content-Security-Policy", std::string(policy)});
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
  // Agents are called as their operators like.
  if (path.starts_with("agents/") || path.starts_with("nodes/")) return true;
  const auto last = path.substr(path.rfind('/') + 1);
  return last.find('.') == std::string_view::npos && path != "api" && !path.starts_with("api/") &&
         !path.starts_with("assets/");
}

// Has nothing to wait for.
boost::asio::awaitable<http::Response> answer(const http::Request& request, std::string_view policy) {
  co_return static_response(static_files(), request, policy);
}

}  // namespace

// Scripts, styles, workers and data come from this server alone and never from the document's text. Trusted Types make
// every way of turning a string into markup or script fail in the browser; the one policy, `default`, lets through only
// worker scripts of this site (see dashboard/web/src/trusted_types.ts).
std::string content_security_policy(std::string_view tile_origin) {
  const std::string tiles = tile_origin.empty() ? "" : fmt::format(" {}", tile_origin);
  return fmt::format(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{0}; font-src 'self'; "
      "connect-src 'self'{0}; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
      "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default",
      tiles);
}

http::Response static_response(std::span<const StaticFile> files, const http::Request& request,
                               std::string_view policy) {
  const auto path = std::string_view(request.path).substr(request.path.starts_with('/') ? 1 : 0);
  if (const auto* file = find_static_file(files, path); file != nullptr) {
    return file_response(*file, request, policy);
  }
  const bool is_docs = path == kApiDocsPath;
  if (is_docs || is_page(path)) {
    if (const auto* page = find_static_file(files, is_docs ? kApiDocsPage : kPage); page != nullptr) {
      return file_response(*page, request, policy);
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

void add_web_routes(http::Router& router, std::string_view tile_origin) {
  const auto handler = [policy = content_security_policy(tile_origin)](http::Request& request) {
    return answer(request, policy);
  };
  router.add(http::Method::kGet, "/", handler);
  router.add(http::Method::kGet, "/{path...}", handler);
}

}  // namespace mmm::dashboard
