#pragma once

#include "agent/upload/filter.h"
#include "core/config/config_reader.h"
#include "core/http/client.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmm::agent {

// What a server understands.
enum class UploadProtocol : std::uint8_t {
  kNative,  // our own: every record as the radio delivered it (docs/upload.md)
  kLegacy,  // the JSON of the Python version (docs/python-compatibility.md)
};

// One server, without those that are switched off.
struct ServerConfig {
  std::string name;  // the section's, without "server_"
  http::Url url;
  std::string api_key;
  UploadProtocol protocol = UploadProtocol::kNative;
  // Servers of one group get each record once between them; empty: it gets everything.
  std::string group;
  int priority = 1;  // within a group the lowest that is healthy; otherwise only shown
  // How long a record waits for company, at the longest.
  std::chrono::milliseconds report_interval{2'000};
  std::chrono::milliseconds timeout{10'000};
  // So many failures in a row make a server unhealthy.
  unsigned max_retries = 3;
  RecordFilter filter;
  http::TlsTrust trust;
  std::optional<http::Proxy> proxy;
};

// Where records go to: one server, or the servers of a group, of which one after the other is tried. A destination has
// one cursor in the buffer, under its name.
struct Destination {
  std::string name;                   // of its only server, or "group:NAME"
  std::vector<ServerConfig> servers;  // in the order in which they are preferred
};

// What the [server_NAME] sections say.
struct ServersConfig {
  std::vector<ServerConfig> servers;  // in the order of the file
  std::vector<std::string> remarks;   // what deserves a warning, a line each
};

// Reads every [server_NAME] section; without any, the environment has to tell of one. What is wrong is noted at the
// reader. Reads the files of certificates to see whether they are good.
ServersConfig read_servers(config::ConfigReader& reader);

// The destinations in the order in which the servers name them.
std::vector<Destination> destinations_of(const std::vector<ServerConfig>& servers);

// For the log and check-config: "server backup: https://host:8082, group site, priority 2".
std::string describe(const ServerConfig& server);

}  // namespace mmm::agent
