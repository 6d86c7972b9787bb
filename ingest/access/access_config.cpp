#include "ingest/access/access_config.h"

#include "core/base/ascii.h"
#include "core/base/limits.h"
#include "core/config/ini_file.h"
#include "core/http/parse/tokens.h"
#include "core/upload/upload_codec.h"

#include <fmt/format.h>

#include <algorithm>

namespace mmm::ingest {
namespace {

using config::ConfigReader;
using config::SectionReader;

// Short enough to be guessed is too short.
constexpr std::size_t kTokenBytesMin = 16;
constexpr std::size_t kTokenBytesMax = 512;
constexpr double kRateMax = 1e9;

// What is wrong with "NAME:TOKEN", without showing it; empty: it was added.
std::string add_token(AccessConfig& access, std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = http::trim(text.substr(0, colon));
  if (colon == std::string_view::npos || !upload::is_valid_agent_id(name)) {
    return "a token is written NAME:TOKEN, the name of letters, digits, '.', '_' and '-'";
  }
  const std::string_view token = http::trim(text.substr(colon + 1));
  const bool printable = std::ranges::all_of(token, [](char c) { return c > ' ' && c < 0x7f; });
  if (!printable || token.size() < kTokenBytesMin || token.size() > kTokenBytesMax) {
    return fmt::format(
        "the token of {} must have {} to {} printable characters without spaces; 'openssl rand -hex 16' makes a good "
        "one",
        name, kTokenBytesMin, kTokenBytesMax);
  }
  for (const AccessConfig::Token& other : access.read_tokens) {
    if (http::equals_ignoring_case(other.name, name))
      return fmt::format("{} has two tokens: give each a name of its own", name);
    if (other.token == token) return fmt::format("{} and {} have the same token", other.name, name);
  }
  if (access.read_tokens.size() >= limits::kReadTokensMax) {
    return fmt::format("there are more than {} tokens", limits::kReadTokensMax);
  }
  access.read_tokens.push_back({std::string(name), std::string(token)});
  return {};
}

void read_token_file(SectionReader& section, AccessConfig& access) {
  constexpr std::string_view kKey = "read_token_file";
  const auto path = section.optional_text(kKey);
  if (!path) return;
  const auto text = config::read_text_file(*path, limits::kReadTokenFileBytesMax);
  if (!text) return section.mistake(kKey, text.error().message);
  std::string_view rest = *text;
  for (int number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = http::trim(line);
    if (line.empty() || line.starts_with('#')) continue;
    if (const std::string wrong = add_token(access, line); !wrong.empty()) {
      section.mistake(kKey, fmt::format("{}:{}: {}", *path, number, wrong));
    }
  }
}

void read_proxies(ConfigReader& reader, AccessConfig& access) {
  SectionReader server = reader.section("server");
  for (const std::string& proxy : server.list("trusted_proxies")) {
    if (auto added = access.trusted_proxies.add(proxy); !added) {
      server.mistake("trusted_proxies", added.error().message);
    }
  }
}

}  // namespace

AccessConfig read_access(ConfigReader& reader) {
  AccessConfig access;
  read_proxies(reader, access);
  SectionReader section = reader.section("access");
  const std::string mode = section.choice("read", "open", {"open", "token", "proxy"});
  for (const std::string& token : section.list("read_tokens")) {
    if (const std::string wrong = add_token(access, token); !wrong.empty()) section.mistake("read_tokens", wrong);
  }
  read_token_file(section, access);
  access.proxy_header = section.text("proxy_header", "X-Forwarded-User");
  if (!std::ranges::all_of(access.proxy_header, http::is_token_char)) {
    section.mistake("proxy_header", fmt::format("'{}' is not the name of a header", access.proxy_header));
  }
  access.proxy_header = ascii_lower(access.proxy_header);

  if (mode == "token") {
    access.read = ReadMode::kToken;
    if (access.read_tokens.empty()) {
      section.mistake("read", "token needs [access] read_tokens or read_token_file, or nobody could read");
    }
  } else if (mode == "proxy") {
    access.read = ReadMode::kProxy;
    if (access.trusted_proxies.empty()) {
      section.mistake("read", "proxy needs [server] trusted_proxies, or nobody could read");
    }
  }
  return access;
}

LimitsConfig read_limits(ConfigReader& reader) {
  LimitsConfig limits;
  SectionReader section = reader.section("limits");
  limits.requests_per_second = section.number("requests_per_second", limits.requests_per_second, 0, kRateMax);
  limits.uploads_per_second = section.number("uploads_per_second", limits.uploads_per_second, 0, kRateMax);
  limits.records_per_second = section.number("records_per_second", limits.records_per_second, 0, kRateMax);
  limits.burst = section.duration("burst", limits.burst, std::chrono::seconds{1}, std::chrono::hours{24});
  limits.failed_attempts_per_minute =
      section.number("failed_attempts_per_minute", limits.failed_attempts_per_minute, 0, kRateMax);
  return limits;
}

TlsConfig read_tls(ConfigReader& reader) {
  SectionReader section = reader.section("server");
  TlsConfig tls;
  tls.certificate = section.text("tls_certificate", "");
  tls.key = section.text("tls_key", "");
  if (tls.certificate.empty() != tls.key.empty()) {
    section.mistake(tls.certificate.empty() ? "tls_key" : "tls_certificate",
                    "TLS needs both tls_certificate and tls_key");
    tls = {};
  }
  return tls;
}

}  // namespace mmm::ingest
