#pragma once

#include "core/config/config_reader.h"
#include "core/http/tls_trust.h"
#include "core/log/log.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mmm::log {

// [json_tcp_log_NAME]: a collector that takes lines of JSON over TCP.
struct CollectorConfig {
  std::string name;  // the section's, without "json_tcp_log_"
  std::string host;
  std::uint16_t port = 0;
  std::string application;
  std::string environment;
  std::string auth_token;  // empty: none is sent
  bool use_tls = false;
  http::TlsTrust trust;  // with use_tls

  friend bool operator==(const CollectorConfig&, const CollectorConfig&) = default;
};

struct LogConfig {
  Options options{};
  std::vector<CollectorConfig> collectors{};
};

// [log] and each [json_tcp_log_NAME], the same for all programs. JSON_LOG_HOST and JSON_LOG_PORT of the environment
// speak of the first collector. Mistakes are noted in the reader.
LogConfig read_log_config(config::ConfigReader& reader);

}  // namespace mmm::log
