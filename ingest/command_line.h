#pragma once

#include "core/store/log_id.h"
#include "ingest/config.h"

#include <filesystem>
#include <limits>
#include <optional>
#include <string>

namespace mmm::ingest {

// What mmm-server was told on its command line, beside the commands with parts of their own.
struct CommandLine {
  std::optional<std::filesystem::path> config;
  std::string log_level;  // empty: as configured
  std::string log_file;   // likewise
  bool create_config = false;
  std::filesystem::path import_from;  // of import
  store::LogId from = 0;              // of export
  store::LogId to = std::numeric_limits<store::LogId>::max();
};

// --create-config: writes a sample where the configuration is looked for. Returns the exit status.
int run_create_config(const CommandLine& line);

// Reads the file that was named, or server_config.ini when there is one. Fails when it cannot be read; its mistakes are
// in the result.
Result<LoadedConfig> load_config(const CommandLine& line);

// The configuration, or empty after its mistakes were printed to standard error.
std::optional<ServerConfig> load_or_complain(const CommandLine& line);

}  // namespace mmm::ingest
