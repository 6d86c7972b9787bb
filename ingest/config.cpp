#include "ingest/config.h"

#include "core/base/limits.h"
#include "core/mesh/channel_key.h"
#include "ingest/listen_address.h"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <utility>

namespace mmm::ingest {
namespace {

using config::ConfigReader;
using config::SectionReader;

constexpr std::int64_t kPortMax = 65'535;
constexpr std::int64_t kUnset = -1;
constexpr std::int64_t kThreadsMax = 64;
constexpr std::uint64_t kFreeSpaceMax = 1ULL << 50U;
constexpr std::int64_t kFloodPacketsMax = 100'000'000;

std::uint16_t port(SectionReader& section, std::string_view key, std::uint16_t fallback, std::int64_t low) {
  return static_cast<std::uint16_t>(section.integer(key, fallback, low, kPortMax));
}

void check_address(SectionReader& section, std::string_view key, const std::string& text) {
  boost::system::error_code error;
  boost::asio::ip::make_address(listen_address(text), error);
  if (!error) return;
  section.mistake(key,
                  fmt::format("'{}' is not an address to listen on; allowed are localhost, * for every address, and "
                              "IP addresses of this machine such as 127.0.0.1, 0.0.0.0 or ::1",
                              text));
}

// An origin is scheme, host and port: with a path or a slash at the end no browser's would ever equal it.
bool is_origin(std::string_view text) {
  if (text == "*") return true;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!text.starts_with(scheme)) continue;
    const std::string_view host = text.substr(scheme.size());
    return !host.empty() && host.find_first_of("/*?#@ ") == std::string_view::npos;
  }
  return false;
}

void read_server(ConfigReader& reader, ServerConfig& config) {
  SectionReader section = reader.section("server");
  config.host = section.text("host", config.host);
  check_address(section, "host", config.host);
  config.port = port(section, "port", config.port, 0);
  config.site_name = section.text("site_name", config.site_name);
  config.threads = static_cast<unsigned>(section.integer("threads", config.threads, 1, kThreadsMax));
  config.bind_keys = section.boolean("bind_keys", config.bind_keys);
  config.free_space_min = section.byte_size("free_space_min", limits::kLogFreeBytesMin, 0, kFreeSpaceMax);
  config.index = section.boolean("index", config.index);
  config.cors_origins = section.list("cors_origins");
  for (const std::string& origin : config.cors_origins) {
    if (is_origin(origin)) continue;
    section.mistake("cors_origins",
                    fmt::format("'{}' is not an origin; allowed are *, and a scheme with a host such as "
                                "https://mesh.example or http://localhost:5173, without a path",
                                origin));
  }

  // The Python version knows only the path of its database, a file that we leave alone: our data stands beside it.
  SectionReader database = reader.section("database");
  if (auto path = database.optional_text("path", {.environment = "DB_PATH"}); path && !path->empty()) {
    config.data_dir = std::filesystem::path(*path).parent_path();
    if (config.data_dir.empty()) config.data_dir = ".";
  }
  if (auto dir = section.optional_text("data_dir"); dir && !dir->empty()) config.data_dir = *dir;
}

void read_index(ConfigReader& reader, ServerConfig& config) {
  SectionReader section = reader.section("index");
  std::uint64_t& flood = config.projection.flood_packets_per_hour;
  flood = static_cast<std::uint64_t>(
      section.integer("flood_packets_per_hour", static_cast<std::int64_t>(flood), 1, kFloodPacketsMax));
}

void read_operation(ConfigReader& reader, ServerConfig& config) {
  SectionReader metrics = reader.section("metrics");
  config.metrics_enabled = metrics.boolean("enabled", config.metrics_enabled);
  config.metrics_bind = metrics.text("bind", config.metrics_bind, {.environment = "METRICS_BIND"});
  check_address(metrics, "bind", config.metrics_bind);
  const std::int64_t metrics_port = metrics.integer("port", kUnset, 0, kPortMax, {.environment = "METRICS_PORT"});
  config.metrics_port_is_default = metrics_port == kUnset;
  if (metrics_port != kUnset) config.metrics_port = static_cast<std::uint16_t>(metrics_port);
  config.metrics_agents_max = static_cast<std::size_t>(metrics.integer("agents_max", 250, 0, 20'000));
  config.metrics_nodes_max = static_cast<std::size_t>(metrics.integer("nodes_max", 2000, 0, 100'000));
  if (config.metrics_enabled && config.metrics_port == config.port && config.port != 0) {
    metrics.mistake("port", fmt::format("{} is [server] port too: give each its own", config.port));
  }

  config.log = log::read_log_config(reader);
}

void read_secrets(ConfigReader& reader, ServerConfig& config) {
  SectionReader keys = reader.section("api_keys");
  for (const config::IniEntry& entry : keys.all()) {
    if (entry.value.empty()) {
      keys.mistake(entry.key, "the key is empty");
    } else {
      config.api_keys.push_back({entry.written_key, entry.value});
    }
  }
  SectionReader channels = reader.section("channels");
  for (const config::IniEntry& entry : channels.all()) {
    auto psk = mesh::parse_psk(entry.value);
    if (!psk) {
      channels.mistake(entry.key, psk.error().message);
    } else {
      config.channels.push_back({entry.written_key, std::move(*psk)});
    }
  }
}

}  // namespace

LoadedConfig read_server_config(ConfigReader reader) {
  LoadedConfig loaded;
  read_server(reader, loaded.config);
  loaded.config.access = read_access(reader);
  loaded.config.limits = read_limits(reader);
  loaded.config.tls = read_tls(reader);
  read_map(reader, loaded.config.map);
  read_index(reader, loaded.config);
  loaded.config.privacy = read_privacy(reader);
  loaded.config.projection.privacy = loaded.config.privacy.kept_back;
  loaded.config.retention = read_retention(reader);
  read_operation(reader, loaded.config);
  read_secrets(reader, loaded.config);
  loaded.mistakes = reader.finish();
  return loaded;
}

Result<LoadedConfig> load_server_config(const std::optional<std::filesystem::path>& path,
                                        const config::Environment& environment) {
  if (!path) return read_server_config(ConfigReader(config::IniFile{}, {}, environment));
  auto reader = ConfigReader::open(*path, environment);
  if (!reader) return fail(std::move(reader).error());
  return read_server_config(std::move(*reader));
}

}  // namespace mmm::ingest
