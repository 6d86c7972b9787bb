#pragma once

#include "core/async/time_source.h"
#include "core/base/published.h"
#include "core/http/router.h"
#include "ingest/access/access_config.h"
#include "ingest/access/rate_limiter.h"
#include "ingest/api_keys.h"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mmm::ingest {

// One check in front of every route: whose request it is, how often its address may ask, and whether it may read.
//
// Everything needs read access but the health routes, the sign-in and the uploads, which check their own key; a route
// that is added later needs it too. With a token, browsers sign in once (POST /login) and get a cookie.
//
// Thread-safe: check() runs on every I/O thread; configure() replaces the rules while the server runs.
class ReadAccess {
 public:
  // `tls`: the listener speaks TLS, so that cookies are marked Secure. The references must outlive this.
  ReadAccess(const AccessConfig& config, std::string site_name, bool tls, RateLimiter& limiter, const TimeSource& time);

  // The router's front check and the routes /login and /logout.
  void add_to(http::Router& router);

  void configure(const AccessConfig& config);

  // Puts the client's address into the request when a trusted proxy tells it; returns the answer to a request that may
  // not go on (401, 403, 429).
  std::optional<http::Response> check(http::Request& request);

  // POST /login and /logout.
  http::Response sign_in(http::Request& request);
  http::Response sign_out() const;

 private:
  struct Rules {
    explicit Rules(const AccessConfig& its_config);
    AccessConfig config;
    KeyTable tokens;                                          // to find a token
    std::map<std::string, std::string, std::less<>> by_name;  // the tokens by name in lower case, to check a cookie
  };

  std::optional<http::Response> check_token(const Rules& rules, const http::Request& request);
  [[nodiscard]] bool is_signed_in(const Rules& rules, const http::Request& request) const;
  [[nodiscard]] std::string cookie(std::string_view value, std::chrono::seconds max_age, bool secure) const;

  Published<Rules> rules_;
  const std::string site_name_;
  const bool tls_;
  RateLimiter& limiter_;
  const TimeSource& time_;
};

}  // namespace mmm::ingest
