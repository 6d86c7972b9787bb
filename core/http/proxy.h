#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mmm::http {

struct Url;

// An HTTP proxy through which a client reaches its server.
struct Proxy {
  std::string host;  // without brackets for IPv6
  std::uint16_t port = 0;
  std::string authorization = {};  // value of Proxy-Authorization, a secret; empty: none
};

// Reads "http://[USER:PASSWORD@]HOST[:PORT]"; the scheme may be left out, the port is then 1080 as with curl, user and
// password may be percent-encoded. Fails with kInvalidArgument; no message shows the text, for it may hold a password.
Result<Proxy> parse_proxy(std::string_view text);

// The proxy that the environment has for the URL, by curl's rules: https_proxy or HTTPS_PROXY, http_proxy (not
// HTTP_PROXY, which a request can set in a CGI program), else all_proxy or ALL_PROXY; none for the hosts of no_proxy or
// NO_PROXY. Fails with kInvalidArgument and names the variable.
Result<std::optional<Proxy>> proxy_from_environment(
    const Url& url, const std::function<std::optional<std::string>(const std::string& name)>& environment);

// `exceptions` is a list with commas or spaces: names ("example.org" is also for what ends in ".example.org"),
// addresses, networks ("10.0.0.0/8"), or "*" for all.
bool is_without_proxy(std::string_view host, std::string_view exceptions);

}  // namespace mmm::http
