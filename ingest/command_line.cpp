#include "ingest/command_line.h"

#include "core/config/create_config.h"
#include "core/config/environment.h"
#include "core/log/log.h"
#include "ingest/sample_config.h"

#include <fmt/format.h>

#include <cstdio>

namespace mmm::ingest {

namespace {

constexpr const char* kDefaultFile = "server_config.ini";

}  // namespace

int run_create_config(const CommandLine& line) {
  const std::filesystem::path path = line.config.value_or(kDefaultFile);
  if (auto made = config::create_config(path, kSampleConfig); !made) {
    fmt::print(stderr, "mmm-server: {}\n", made.error().message);
    return 1;
  }
  fmt::print("{0} is made; mmm-server --config {0} serves with it\n", path.string());
  return 0;
}

Result<LoadedConfig> load_config(const CommandLine& line) {
  auto path = line.config;
  if (!path && std::filesystem::exists(kDefaultFile)) path = kDefaultFile;
  auto loaded = load_server_config(path, config::process_environment());
  const auto level = log::parse_level(line.log_level);
  if (loaded && level) loaded->config.log.options.level = *level;
  if (loaded && !line.log_file.empty()) loaded->config.log.options.file = line.log_file;
  return loaded;
}

std::optional<ServerConfig> load_or_complain(const CommandLine& line) {
  auto loaded = load_config(line);
  if (!loaded) {
    fmt::print(stderr, "mmm-server: {}\n", loaded.error().message);
    return std::nullopt;
  }
  for (const std::string& mistake : loaded->mistakes) fmt::print(stderr, "{}\n", mistake);
  if (!loaded->mistakes.empty()) return std::nullopt;
  return std::move(loaded->config);
}

}  // namespace mmm::ingest
