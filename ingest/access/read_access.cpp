#include "ingest/access/read_access.h"

#include "core/base/limits.h"
#include "core/http/parse/target.h"
#include "core/http/parse/tokens.h"
#include "ingest/access/sign_in_cookie.h"
#include "ingest/access/sign_in_page.h"

#include <fmt/format.h>

#include <utility>

namespace mmm::ingest {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kCookie = "mmm_read";
// Then the token is asked for again.
constexpr std::chrono::days kSignInLasts{30};

bool is_health(std::string_view path) {
  return path == "/healthz" || path == "/readyz";
}

bool needs_read_access(const http::Request& request) {
  const std::string_view path = request.path;
  if (path == "/login" || path == "/logout") return false;
  const bool is_upload = path == "/api/v1/ingest" || path.starts_with("/api/agent/");
  return !(is_upload && request.method == http::Method::kPost);
}

// Every X-Forwarded-For line, in order: some proxies add a line of their own behind what the client has sent.
std::string forwarded_for(const http::Request& request) {
  std::string all;
  for (const http::Header& header : request.headers) {
    if (header.name != "x-forwarded-for") continue;
    if (!all.empty()) all += ',';
    all += header.value;
  }
  return all;
}

// A browser that was sent to a page, and not what a page loads.
bool wants_page(const http::Request& request) {
  return request.method == http::Method::kGet && !request.path.starts_with("/api/") &&
         request.header("accept").find("text/html") != std::string_view::npos;
}

http::Response unauthorized(std::string_view detail) {
  http::Response response = http::problem(401, "Token missing or unknown", detail);
  response.headers.push_back({"WWW-Authenticate", "Bearer"});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

http::Response forbidden(std::string_view detail) {
  http::Response response = http::problem(403, "Not through the proxy", detail);
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

std::optional<http::Response> check_proxy(const AccessConfig& config, const http::Request& request) {
  if (!request.via_proxy) {
    return forbidden("This server is read through its proxy alone ([access] read, [server] trusted_proxies).");
  }
  if (!request.header(config.proxy_header).empty()) return std::nullopt;
  return forbidden(fmt::format("The proxy did not say who is reading: it must send {}.", config.proxy_header));
}

// A form's fields, percent-decoded.
std::string field_of(const http::Request& request, std::string_view name) {
  std::string path;
  std::vector<std::pair<std::string, std::string>> fields;
  if (!http::parse_target("/?" + request.body, path, fields)) return {};
  for (auto& [key, value] : fields) {
    if (key == name) return std::move(value);
  }
  return {};
}

asio::awaitable<http::Response> answer(http::Response response) {
  co_return response;
}

}  // namespace

ReadAccess::Rules::Rules(const AccessConfig& its_config) : config(its_config) {
  for (const AccessConfig::Token& token : config.read_tokens) {
    tokens.add(token.name, token.token);
    by_name.emplace(tokens.find(token.token)->names.front(), token.token);
  }
}

ReadAccess::ReadAccess(const AccessConfig& config, std::string site_name, bool tls, RateLimiter& limiter,
                       const TimeSource& time)
    : rules_(std::make_shared<const Rules>(config)),
      site_name_(std::move(site_name)),
      tls_(tls),
      limiter_(limiter),
      time_(time) {}

void ReadAccess::configure(const AccessConfig& config) {
  rules_.publish(std::make_shared<const Rules>(config));
}

void ReadAccess::add_to(http::Router& router) {
  router.set_front_check([this](http::Request& request) { return check(request); });
  router.add(
      http::Method::kPost, "/login", [this](http::Request& request) { return answer(sign_in(request)); },
      limits::kSignInBodyBytesMax);
  router.add(http::Method::kPost, "/logout", [this](http::Request&) { return answer(sign_out()); });
}

std::optional<http::Response> ReadAccess::check(http::Request& request) {
  const auto rules = rules_.get();
  const AccessConfig& config = rules->config;
  request.via_proxy = config.trusted_proxies.contains(request.remote_address);
  if (request.via_proxy) {
    request.remote_address =
        http::forwarded_client(config.trusted_proxies, request.remote_address, forwarded_for(request));
  }
  if (is_health(request.path)) return std::nullopt;
  if (auto refused = limiter_.admit_request(request.remote_address)) return refused;
  if (config.read == ReadMode::kOpen || !needs_read_access(request)) return std::nullopt;
  if (config.read == ReadMode::kProxy) return check_proxy(config, request);
  return check_token(*rules, request);
}

std::optional<http::Response> ReadAccess::check_token(const Rules& rules, const http::Request& request) {
  if (is_signed_in(rules, request)) return std::nullopt;
  const std::string_view token = bearer_token(request);
  if (token.empty()) {
    if (wants_page(request)) return sign_in_page(site_name_, request.path, false);
    return unauthorized("Send a read token as 'Authorization: Bearer TOKEN', or sign in with a browser.");
  }
  if (const auto identity = rules.tokens.find(token)) {
    return limiter_.admit_known(RateLimiter::Attempt::kRead, request.remote_address, *identity);
  }
  if (auto refused = limiter_.admit_failure(RateLimiter::Attempt::kRead, request.remote_address)) return refused;
  return unauthorized("The server does not know this token: compare it with [access] read_tokens of the server.");
}

bool ReadAccess::is_signed_in(const Rules& rules, const http::Request& request) const {
  const std::string_view value = cookie_value(request.header("cookie"), kCookie);
  const auto found = rules.by_name.find(sign_in_name(value));
  return found != rules.by_name.end() && is_sign_in(value, found->second, time_.wall());
}

std::string ReadAccess::cookie(std::string_view value, std::chrono::seconds max_age, bool secure) const {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", kCookie, value, max_age.count(),
                     secure ? "; Secure" : "");
}

http::Response ReadAccess::sign_in(http::Request& request) {
  const auto rules = rules_.get();
  const std::string token = field_of(request, "token");
  const std::string next = field_of(request, "next");
  const auto identity = rules->tokens.find(http::trim(token));
  if (!identity) {
    if (auto refused = limiter_.admit_failure(RateLimiter::Attempt::kRead, request.remote_address)) return *refused;
    return sign_in_page(site_name_, next, true);
  }
  if (auto refused = limiter_.admit_known(RateLimiter::Attempt::kRead, request.remote_address, *identity)) {
    return *refused;
  }
  http::Response response;
  response.status = 303;
  response.headers.push_back({"Location", location_of(next)});
  response.headers.push_back({"Cache-Control", "no-store"});
  const bool secure =
      tls_ || (request.via_proxy && http::equals_ignoring_case(request.header("x-forwarded-proto"), "https"));
  const std::string& name = identity->names.front();
  const std::string value = make_sign_in(name, rules->by_name.at(name), time_.wall() + kSignInLasts);
  response.headers.push_back({"Set-Cookie", cookie(value, kSignInLasts, secure)});
  return response;
}

http::Response ReadAccess::sign_out() const {
  http::Response response;
  response.status = 303;
  response.headers.push_back({"Location", "/"});
  response.headers.push_back({"Cache-Control", "no-store"});
  response.headers.push_back({"Set-Cookie", cookie("", std::chrono::seconds{0}, tls_)});
  return response;
}

}  // namespace mmm::ingest
