#include "core/http/proxy.h"

#include "core/base/encoding.h"
#include "core/http/address_set.h"
#include "core/http/client.h"
#include "core/http/parse/tokens.h"

#include <initializer_list>

namespace mmm::http {
namespace {

constexpr std::uint16_t kPortDefault = 1080;
constexpr const char* kAllowed = "http://[USER:PASSWORD@]HOST[:PORT] is allowed";

// Empty: a % without two digits, or a control character.
std::optional<std::string> decode_percent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (is_control(c)) return std::nullopt;
    out.push_back(c);
  }
  return out;
}

Result<std::string> basic_authorization(std::string_view user_info) {
  const auto colon = std::min(user_info.find(':'), user_info.size());
  const auto user = decode_percent(user_info.substr(0, colon));
  const auto password = decode_percent(user_info.substr(std::min(colon + 1, user_info.size())));
  if (!user || !password || user->find(':') != std::string::npos) {
    return fail(ErrorKind::kInvalidArgument, "its user or password is not percent-encoded as it must be; {}", kAllowed);
  }
  return "Basic " + to_base64(*user + ":" + *password);
}

}  // namespace

Result<Proxy> parse_proxy(std::string_view text) {
  std::string_view rest = text;
  if (const auto scheme = rest.find("://"); scheme != std::string_view::npos) {
    if (!equals_ignoring_case(rest.substr(0, scheme), "http")) {
      return fail(ErrorKind::kInvalidArgument, "only proxies that speak HTTP can be used (no socks, no https): {}",
                  kAllowed);
    }
    rest.remove_prefix(scheme + 3);
  }
  while (rest.ends_with('/')) rest.remove_suffix(1);
  Proxy proxy;
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    auto authorization = basic_authorization(rest.substr(0, at));
    if (!authorization) return fail(authorization.error());
    proxy.authorization = std::move(*authorization);
    rest.remove_prefix(at + 1);
  }
  Url url;
  url.port = kPortDefault;
  if (!parse_authority(rest, url)) return fail(ErrorKind::kInvalidArgument, "it names no host; {}", kAllowed);
  proxy.host = std::move(url.host);
  proxy.port = url.port;
  return proxy;
}

bool is_without_proxy(std::string_view host, std::string_view exceptions) {
  while (host.ends_with('.')) host.remove_suffix(1);
  while (!exceptions.empty()) {
    const auto end = std::min(exceptions.find_first_of(", \t"), exceptions.size());
    std::string_view one = exceptions.substr(0, end);
    exceptions.remove_prefix(std::min(end + 1, exceptions.size()));
    if (one == "*") return true;
    if (AddressSet set; set.add(one) && set.contains(host)) return true;
    while (one.starts_with('.')) one.remove_prefix(1);
    while (one.ends_with('.')) one.remove_suffix(1);
    if (one.empty() || host.size() < one.size()) continue;
    const auto behind = host.substr(host.size() - one.size());
    const bool whole = host.size() == one.size() || host[host.size() - one.size() - 1] == '.';
    if (whole && equals_ignoring_case(behind, one)) return true;
  }
  return false;
}

Result<std::optional<Proxy>> proxy_from_environment(
    const Url& url, const std::function<std::optional<std::string>(const std::string& name)>& environment) {
  const auto first_of = [&](std::initializer_list<const char*> names) -> std::pair<std::string, std::string> {
    for (const char* name : names) {
      if (auto value = environment(name); value && !value->empty()) return {name, std::move(*value)};
    }
    return {};
  };
  auto [name, value] = url.tls ? first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
                               : first_of({"http_proxy", "all_proxy", "ALL_PROXY"});
  if (name.empty() || is_without_proxy(url.host, first_of({"no_proxy", "NO_PROXY"}).second)) return std::nullopt;
  auto proxy = parse_proxy(value);
  if (!proxy) return fail(proxy.error().with("environment variable {}", name));
  return std::move(*proxy);
}

}  // namespace mmm::http
