#include "dashboard/api/cross_origin.h"

#include <algorithm>

namespace mmm::dashboard {

void allow_origin(const std::vector<std::string>& allowed, const http::Request& request, http::Response& response) {
  if (allowed.empty()) return;
  const bool everybody = std::ranges::find(allowed, "*") != allowed.end();
  // Caches must not give one site's answer to another.
  if (!everybody) response.headers.push_back({"Vary", "Origin"});
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return;
  if (!everybody && std::ranges::find(allowed, origin) == allowed.end()) return;
  response.headers.push_back({"Access-Control-Allow-Origin", everybody ? "*" : std::string(origin)});
  response.headers.push_back({"Access-Control-Expose-Headers", "ETag, Retry-After, Content-Disposition"});
}

http::Response preflight(const std::vector<std::string>& allowed, const http::Request& request) {
  http::Response response;
  response.status = 204;
  response.headers.push_back({"Allow", "GET, HEAD, OPTIONS"});
  allow_origin(allowed, request, response);
  const bool granted =
      std::ranges::find(response.headers, "Access-Control-Allow-Origin", &http::Header::name) != response.headers.end();
  if (!granted) return response;
  constexpr const char* kDay = "86400";
  response.headers.push_back({"Access-Control-Allow-Methods", "GET, HEAD"});
  response.headers.push_back({"Access-Control-Allow-Headers", "If-None-Match, Last-Event-ID"});
  response.headers.push_back({"Access-Control-Max-Age", kDay});
  return response;
}

}  // namespace mmm::dashboard
