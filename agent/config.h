#pragma once

#include "agent/active/active_config.h"
#include "agent/radio/radio_config.h"
#include "agent/upload/server_config.h"
#include "core/config/config_reader.h"
#include "core/log_shipping/log_config.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mmm::agent {

// Of the Python version, too.
inline constexpr const char* kDefaultConfigFile = "multi_agent_config.ini";

struct Config {
  std::string id;
  std::string location_name;
  std::optional<double> latitude;     // degrees
  std::optional<double> longitude;    // degrees
  std::vector<RadioConfig> radios;    // at least one
  std::vector<ServerConfig> servers;  // the enabled ones
  std::filesystem::path buffer_path;  // of the first radio; beside it the agent tells how it is
  std::uint64_t buffer_bytes_max = 0;
  std::chrono::milliseconds buffer_age_max{0};  // 0: records wait however long it takes
  std::chrono::milliseconds commit_interval{100};
  bool metrics_enabled = true;
  std::string metrics_bind;
  std::uint16_t metrics_port = 0;
  // Nobody asked for this port: when another program has it, the agent goes on without the endpoint.
  bool metrics_port_is_default = true;
  log::LogConfig log;
  ActiveConfig active;
  // What the file asks for and this version does not do: a line each for the log.
  std::vector<std::string> remarks;
};

// Reads the agent's configuration: the files of the Python version, and our own keys. What is wrong is appended to
// `mistakes`, one line each; the result is meaningful only without any.
Config read_config(config::ConfigReader& reader, std::vector<std::string>& mistakes);

// Opens the file and reads it. With an empty path: "multi_agent_config.ini" when there is one, otherwise the
// environment alone. Every mistake is one line.
Config load_config(const std::filesystem::path& path, const config::Environment& environment,
                   std::vector<std::string>& mistakes);

}  // namespace mmm::agent
