#pragma once

#include "core/base/result.h"

#include <boost/asio/ssl/context.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::http {

// Whom a client believes over TLS, and who it says that it is.
struct TlsTrust {
  // The server's certificate must be for its host's name, valid now, and from a trusted authority. False: it may be
  // anybody's, so that without pins whoever is on the way can read and change everything.
  bool verify = true;
  // PEM file of the authorities to trust, in place of the system's store (or the file of SSL_CERT_FILE).
  std::filesystem::path authorities = {};
  // The server's public key must be one of these, beside what `verify` asks: SHA-256 of each, 32 bytes. Empty: any.
  std::vector<std::string> pins = {};
  // PEM files with which the client shows who it is; both or none.
  std::filesystem::path certificate = {};
  std::filesystem::path key = {};

  friend bool operator==(const TlsTrust&, const TlsTrust&) = default;
};

// Reads a pin: the SHA-256 of a public key (its SubjectPublicKeyInfo) as base64 or as hex, with or without colons,
// with or without "sha256//" in front. Fails with kInvalidArgument.
Result<std::string> parse_pin(std::string_view text);
// As parse_pin() reads it, and as curl writes it: "sha256//BASE64".
std::string pin_text(std::string_view pin);

// TLS 1.2 and later. Reads the files; fails with kInvalidArgument and says which of them is wrong.
Result<std::unique_ptr<boost::asio::ssl::context>> make_client_context(const TlsTrust& trust);

}  // namespace mmm::http
