#include "ingest/access/sign_in_page.h"

#include "core/base/check.h"
#include "core/base/encoding.h"
#include "core/base/markup.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <string>

namespace mmm::ingest {
namespace {

constexpr std::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:22rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}"
    "input,button{font:inherit;padding:.5rem;width:100%;box-sizing:border-box;margin:.25rem 0}"
    "p[role=alert]{color:#c00}";

// The one style that the page may have is named by its hash, so that nothing that gets into the text can add another.
std::string content_security_policy() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  MMM_CHECK(EVP_Digest(kStyle.data(), kStyle.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  return fmt::format(
      "default-src 'none'; style-src 'sha256-{}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      to_base64({reinterpret_cast<const char*>(digest.data()), size}));
}

}  // namespace

http::Response sign_in_page(std::string_view site_name, std::string_view next, bool wrong) {
  static const std::string policy = content_security_policy();
  const std::string name = escape_markup(site_name);
  http::Response response;
  response.status = 401;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                      {"Content-Security-Policy", policy},
                      {"Cache-Control", "no-store"},
                      {"Referrer-Policy", "no-referrer"},
                      {"WWW-Authenticate", "Bearer"}};
  response.body = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>Sign in: {0}</title><style>{1}</style></head>\n"
      "<body><main><h1>{0}</h1>\n<form method=\"post\" action=\"/login\">"
      "<input type=\"hidden\" name=\"next\" value=\"{2}\">"
      "<label>Access token <input type=\"password\" name=\"token\" required autofocus "
      "autocomplete=\"current-password\"></label><button>Sign in</button></form>\n{3}</main></body></html>\n",
      name, kStyle, escape_markup(next), wrong ? "<p role=\"alert\">This token is not known.</p>" : "");
  return response;
}

std::string location_of(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/!$'()*,:@";
  // "//host" and "/\host" lead to another site in a browser.
  if (!path.starts_with('/') || path.starts_with("//") || path.starts_with("/\\")) return "/";
  std::string location;
  for (const char c : path) {
    const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (alphanumeric || kPlain.find(c) != std::string_view::npos) {
      location += c;
    } else {
      location += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return location;
}

}  // namespace mmm::ingest
