#pragma once

#include "core/config/config_reader.h"
#include "core/http/address_set.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mmm::ingest {

// Who may read pages and API.
enum class ReadMode : std::uint8_t {
  kOpen,   // everyone who reaches the server
  kToken,  // who has a token, or has signed in with one
  kProxy,  // whom a trusted proxy has let through
};

// [access], and [server] trusted_proxies.
struct AccessConfig {
  struct Token {
    std::string name;
    std::string token;
    friend bool operator==(const Token&, const Token&) = default;
  };

  ReadMode read = ReadMode::kOpen;
  std::vector<Token> read_tokens = {};
  std::string proxy_header = {};  // lower case; the name that the proxy gives its user
  http::AddressSet trusted_proxies = {};
  friend bool operator==(const AccessConfig&, const AccessConfig&) = default;
};

// [limits]. 0: no limit.
struct LimitsConfig {
  double requests_per_second = 0;           // of one address, whatever is asked
  double uploads_per_second = 0;            // of one key
  double records_per_second = 0;            // of one key
  std::chrono::milliseconds burst{30'000};  // so long a silence may be made up for at once
  double failed_attempts_per_minute = 30;   // of one address
  friend bool operator==(const LimitsConfig&, const LimitsConfig&) = default;
};

// [server] tls_certificate and tls_key: PEM files. Empty: no TLS.
struct TlsConfig {
  std::filesystem::path certificate;
  std::filesystem::path key;
  [[nodiscard]] bool enabled() const { return !certificate.empty(); }
  friend bool operator==(const TlsConfig&, const TlsConfig&) = default;
};

// Each reads its keys, and appends what is wrong to the reader's mistakes.
AccessConfig read_access(config::ConfigReader& reader);
LimitsConfig read_limits(config::ConfigReader& reader);
TlsConfig read_tls(config::ConfigReader& reader);

}  // namespace mmm::ingest
