#include "ingest/access/sign_in_cookie.h"

#include "core/base/check.h"
#include "core/base/encoding.h"
#include "core/http/parse/tokens.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace mmm::ingest {
namespace {

// "1:NAME:MICROSECONDS:MAC"; a name has no colon.
constexpr std::string_view kVersion = "1:";
// So that a MAC of this kind is of no use for anything else that may be made from a token.
constexpr std::string_view kPurpose = "mmm-server sign-in 1";

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  MMM_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                 reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size) != nullptr);
  return {reinterpret_cast<const char*>(mac.data()), size};
}

std::string mac_of(std::string_view token, std::string_view signed_part) {
  return to_hex(hmac_sha256(hmac_sha256(token, kPurpose), signed_part));
}

std::optional<WallTime> parse_time(std::string_view text) {
  std::int64_t micros = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), micros);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return from_micros(micros);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string make_sign_in(std::string_view name, std::string_view token, WallTime valid_until) {
  const std::string signed_part = fmt::format("{}{}:{}", kVersion, name, to_micros(valid_until));
  return signed_part + ":" + mac_of(token, signed_part);
}

std::string_view sign_in_name(std::string_view value) {
  if (!value.starts_with(kVersion)) return {};
  value.remove_prefix(kVersion.size());
  const std::size_t colon = value.find(':');
  return colon == std::string_view::npos ? std::string_view() : value.substr(0, colon);
}

bool is_sign_in(std::string_view value, std::string_view token, WallTime now) {
  const std::string_view name = sign_in_name(value);
  const std::size_t last = value.rfind(':');
  const std::size_t time_begin = kVersion.size() + name.size() + 1;
  if (name.empty() || last < time_begin) return false;
  const std::string_view signed_part = value.substr(0, last);
  // The MAC first: nothing of a value that is not ours is looked at.
  if (!equal_in_constant_time(value.substr(last + 1), mac_of(token, signed_part))) return false;
  const auto valid_until = parse_time(signed_part.substr(time_begin));
  return valid_until && now < *valid_until;
}

std::string_view cookie_value(std::string_view cookie_header, std::string_view name) {
  while (!cookie_header.empty()) {
    const std::size_t end = std::min(cookie_header.find(';'), cookie_header.size());
    const std::string_view pair = http::trim(cookie_header.substr(0, end));
    cookie_header.remove_prefix(std::min(end + 1, cookie_header.size()));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

}  // namespace mmm::ingest
