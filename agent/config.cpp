#include "agent/config.h"

#include "agent/radio/tcp_transport.h"
#include "core/base/limits.h"
#include "core/mesh/node_id.h"
#include "core/upload/upload_codec.h"

#include <charconv>
#include <utility>

namespace mmm::agent {
namespace {

using config::SectionReader;
using namespace std::chrono_literals;

constexpr const char* kDefaultFile = "multi_agent_config.ini";
constexpr std::string_view kServerPrefix = "server_";

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

void read_tcp_host(SectionReader& section, const std::string& text, RadioConfig& radio) {
  radio.host = text;
  radio.port = kRadioTcpPortDefault;
  // "HOST:PORT" or "[V6]:PORT"; more colons without brackets are an IPv6 address without port.
  const auto colon = text.rfind(':');
  const bool bracketed = text.starts_with('[');
  if (colon != std::string::npos && (bracketed ? text[colon - 1] == ']' : text.find(':') == colon)) {
    radio.host = text.substr(0, colon);
    unsigned port = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
    if (parsed.ec != std::errc() || parsed.ptr != end || port == 0 || port > 65535) {
      section.mistake("tcp_host", fmt::format("\"{}\": HOST or HOST:PORT is allowed, PORT from 1 to 65535", text));
    }
    radio.port = static_cast<std::uint16_t>(port);
  }
  if (radio.host.starts_with('[') && radio.host.ends_with(']'))
    radio.host = radio.host.substr(1, radio.host.size() - 2);
  if (radio.host.empty()) section.mistake("tcp_host", "HOST or HOST:PORT is needed");
}

void read_radio(SectionReader section, Config& config) {
  RadioConfig radio;
  radio.section = section.name();
  const auto type = section.choice("connection_type", "auto", {"auto", "serial", "tcp", "ble"},
                                   {.environment = "MESHTASTIC_CONNECTION"});
  const auto device = section.optional_text("device_path");
  const auto host = section.optional_text("tcp_host", {.environment = "MESHTASTIC_HOST"});
  const auto ble = section.optional_text("ble_address");
  const bool has_device = device && !device->empty();
  const bool has_host = host && !host->empty();
  const bool has_ble = ble && !ble->empty();
  if (type == "ble" || (type == "auto" && !has_device && !has_host && has_ble)) {
    section.mistake("connection_type", "Bluetooth is not in this version; serial, tcp and auto are allowed");
  } else if (type == "tcp" || (type == "auto" && !has_device && has_host)) {
    radio.kind = RadioConfig::Kind::kTcp;
    if (has_host) {
      read_tcp_host(section, *host, radio);
    } else {
      section.mistake("tcp_host", "connection_type = tcp needs it: HOST or HOST:PORT");
    }
  } else if (has_device) {
    radio.device = *device;
  }
  config.radios.push_back(std::move(radio));
}

RecordFilter read_filter(SectionReader& section) {
  RecordFilter filter;
  bool all = false;
  for (const auto& name : section.list("packet_types")) {
    const auto type = parse_packet_type(name);
    if (type) {
      filter.types.insert(*type);
    } else if (name == "all") {
      all = true;
    } else {
      section.mistake("packet_types", fmt::format("\"{}\" is none of: {}", name, kPacketTypeNames));
    }
  }
  if (all) filter.types.clear();
  const auto nodes = [&](const char* key, std::set<mesh::NodeNum>& out) {
    for (const auto& text : section.list(key)) {
      const auto node = mesh::parse_node_id(text);
      if (node) {
        out.insert(*node);
      } else {
        section.mistake(key, node.error().message);
      }
    }
  };
  nodes("filter_nodes", filter.only_from);
  nodes("exclude_nodes", filter.except_from);
  return filter;
}

// The environment speaks of one server: the first of the file.
void read_server(SectionReader section, bool first, Config& config) {
  ServerConfig server;
  server.name = section.name().substr(kServerPrefix.size());
  const bool enabled = section.boolean("enabled", true);
  const auto url = section.text("url", "", {.environment = first ? "SERVER_URL" : "", .required = enabled});
  if (!url.empty()) {
    auto parsed = http::Url::parse(url);
    if (parsed) {
      server.url = std::move(*parsed);
    } else {
      section.mistake("url", parsed.error().message);
    }
  }
  server.api_key = section.secret("api_key", {.environment = first ? "API_KEY" : ""}).value_or("");
  server.report_interval = section.duration("report_interval", 2s, 0s, 24h);
  server.timeout = section.duration("timeout", 10s, 1s, 5min);
  server.max_retries = static_cast<unsigned>(section.integer("max_retries", 3, 0, 1000));
  server.filter = read_filter(section);
  section.ignore({"priority"});
  if (enabled && server.api_key.empty()) {
    config.remarks.push_back(fmt::format("[{}] has no api_key: most servers want one", section.name()));
  }
  if (enabled) config.servers.push_back(std::move(server));
}

void read_servers(config::ConfigReader& reader, Config& config) {
  auto sections = reader.sections_with_prefix(kServerPrefix);
  if (sections.empty()) sections.push_back(reader.section("server_default"));
  bool first = true;
  for (const auto& section : sections) read_server(section, std::exchange(first, false), config);
  if (config.servers.empty() && sections.front().present()) {
    sections.front().mistake("enabled", "every [server_NAME] section says false: at least one must be enabled");
  }
}

void read_rest(config::ConfigReader& reader, Config& config) {
  auto buffer = reader.section("buffer");
  config.buffer_bytes_max = buffer.byte_size("max_size", 512ULL << 20U, 1U << 20U, 1ULL << 40U);
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
  read_radio(reader.section("meshtastic"), config);
  read_servers(reader, config);
  read_rest(reader, config);
  config.active = read_active_config(reader, config.remarks);
  for (auto& mistake : reader.finish()) mistakes.push_back(std::move(mistake));
  return config;
}

Config load_config(const std::filesystem::path& path, const config::Environment& environment,
                   std::vector<std::string>& mistakes) {
  std::error_code ignored;
  if (path.empty() && !std::filesystem::exists(kDefaultFile, ignored)) {
    config::ConfigReader reader(config::IniFile{.name = "environment", .sections = {}}, {}, environment);
    return read_config(reader, mistakes);
  }
  auto reader = config::ConfigReader::open(path.empty() ? kDefaultFile : path, environment);
  if (!reader) {
    mistakes.push_back(reader.error().message);
    return {};
  }
  return read_config(*reader, mistakes);
}

}  // namespace mmm::agent
