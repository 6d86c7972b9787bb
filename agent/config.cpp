#include "agent/config.h"

#include "core/base/limits.h"
#include "core/upload/upload_codec.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mmm::agent {
namespace {

using config::SectionReader;
using namespace std::chrono_literals;

void read_agent(SectionReader section, Config& config) {
  config.id = section.text("id", "", {.environment = "AGENT_ID", .required = true});
  if (!config.id.empty() && !upload::is_valid_agent_id(config.id)) {
    section.mistake("id", "1 to 64 letters, digits, '.', '_' or '-' are allowed");
  }
  config.location_name = section.text("location_name", "");
  if (config.location_name.size() > limits::kLocationNameBytesMax) {
    section.mistake("location_name", fmt::format("at most {} bytes are allowed", limits::kLocationNameBytesMax));
  }
  config.latitude = section.optional_number("location_lat", -90, 90);
  config.longitude = section.optional_number("location_lon", -180, 180);
  const std::filesystem::path directory = section.text("database_dir", ".");
  // Not "{id}_buffer.db", which is the Python version's and may lie in the same directory.
  const auto file = (directory / (config.id + "_agent_buffer.db")).string();
  config.buffer_path = section.text("database_path", file, {.environment = "DB_PATH"});
}

void read_rest(config::ConfigReader& reader, Config& config) {
  auto buffer = reader.section("buffer");
  config.buffer_bytes_max = buffer.byte_size("max_size", 1ULL << 30U, 1U << 20U, 1ULL << 40U);
  config.buffer_age_max = buffer.duration("max_age", 0ms, 0ms, 24h * 365 * 100);
  config.commit_interval = std::chrono::milliseconds{buffer.integer("commit_interval_ms", 100, 0, 10'000)};

  auto metrics = reader.section("metrics");
  config.metrics_enabled = metrics.boolean("enabled", true);
  constexpr std::int64_t kUnset = -1;
  const auto port = metrics.integer("port", kUnset, 0, 65535, {.environment = "METRICS_PORT"});
  config.metrics_port_is_default = port == kUnset;
  config.metrics_port = static_cast<std::uint16_t>(port == kUnset ? 9090 : port);
  config.metrics_bind = metrics.text("bind", "127.0.0.1", {.environment = "METRICS_BIND"});

  config.log = log::read_log_config(reader);
}

}  // namespace

Config read_config(config::ConfigReader& reader, std::vector<std::string>& mistakes) {
  Config config;
  read_agent(reader.section("agent"), config);
  config.radios = read_radios(reader, config.buffer_path);
  auto servers = read_servers(reader);
  config.servers = std::move(servers.servers);
  std::ranges::move(servers.remarks, std::back_inserter(config.remarks));
  read_rest(reader, config);
  config.active = read_active_config(reader, config.remarks);
  for (auto& mistake : reader.finish()) mistakes.push_back(std::move(mistake));
  return config;
}

Config load_config(const std::filesystem::path& path, const config::Environment& environment,
                   std::vector<std::string>& mistakes) {
  std::error_code ignored;
  if (path.empty() && !std::filesystem::exists(kDefaultConfigFile, ignored)) {
    config::ConfigReader reader(config::IniFile{.name = "environment", .sections = {}}, {}, environment);
    return read_config(reader, mistakes);
  }
  auto reader = config::ConfigReader::open(path.empty() ? kDefaultConfigFile : path, environment);
  if (!reader) {
    mistakes.push_back(reader.error().message);
    return {};
  }
  return read_config(*reader, mistakes);
}

}  // namespace mmm::agent
