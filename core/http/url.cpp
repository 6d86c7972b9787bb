#include "core/http/client.h"
#include "core/http/parse/tokens.h"

#include <charconv>

namespace mmm::http {

namespace {

bool is_host_char(char c, bool ipv6) {
  if (ipv6) return hex_digit(c) >= 0 || c == ':' || c == '.';
  return is_token_char(c) && c != '%' && std::string_view("!#$&'*+^`|~").find(c) == std::string_view::npos;
}

}  // namespace

bool parse_authority(std::string_view text, Url& url) {
  const bool ipv6 = text.starts_with('[');
  const std::size_t host_end = ipv6 ? text.find(']') : std::min(text.find(':'), text.size());
  if (host_end == std::string_view::npos) return false;
  const std::string_view host = ipv6 ? text.substr(1, host_end - 1) : text.substr(0, host_end);
  const auto good = [ipv6](char c) { return is_host_char(c, ipv6); };
  if (host.empty() || host.size() > 253 || !std::ranges::all_of(host, good)) return false;
  url.host = host;
  text.remove_prefix(host_end + (ipv6 ? 1 : 0));
  if (text.empty()) return true;
  if (!text.starts_with(':')) return false;
  text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), url.port);
  return error == std::errc{} && end == text.data() + text.size() && url.port != 0;
}

Result<Url> Url::parse(std::string_view text) {
  Url url;
  std::string_view rest = text;
  if (equals_ignoring_case(rest.substr(0, 7), "http://")) {
    rest.remove_prefix(7);
  } else if (equals_ignoring_case(rest.substr(0, 8), "https://")) {
    rest.remove_prefix(8);
    url.tls = true;
    url.port = 443;
  } else {
    return fail(ErrorKind::kInvalidArgument, "URL \"{}\" does not begin with http:// or https://", text);
  }
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view authority = rest.substr(0, slash);
  if (authority.find('@') != std::string_view::npos) {
    return fail(ErrorKind::kInvalidArgument,
                "the URL contains a user name or password: remove it, keys have an option of their own");
  }
  if (!parse_authority(authority, url)) {
    return fail(ErrorKind::kInvalidArgument,
                "URL \"{}\" needs HOST or HOST:PORT after the scheme, the port from 1 to 65535", text);
  }
  std::string_view path = rest.substr(slash);
  const auto bad = [](char c) { return c <= 0x20 || c >= 0x7f || c == '?' || c == '#' || c == '\\' || c == '"'; };
  if (std::ranges::any_of(path, bad)) {
    return fail(ErrorKind::kInvalidArgument,
                "URL \"{}\" may have a path after the host, but no query, fragment or space", text);
  }
  while (path.ends_with('/')) path.remove_suffix(1);
  url.path = path;
  return url;
}

}  // namespace mmm::http
