#include "agent/upload/server_config.h"

#include "core/upload/upload_codec.h"

#include <algorithm>
#include <map>
#include <utility>

namespace mmm::agent {
namespace {

using config::SectionReader;
using namespace std::chrono_literals;

constexpr std::string_view kServerPrefix = "server_";
constexpr std::string_view kGroupPrefix = "group:";

std::set<mesh::NodeNum> read_nodes(SectionReader& section, std::string_view key) {
  const auto nodes = section.parsed_list(key, mesh::parse_node_id);
  return {nodes.begin(), nodes.end()};
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
  filter.only_from = read_nodes(section, "filter_nodes");
  filter.except_from = read_nodes(section, "exclude_nodes");
  return filter;
}

// A file that is wrong is told now, under the key that names it.
void check_files(SectionReader& section, const http::TlsTrust& trust) {
  if (!trust.authorities.empty()) {
    const http::TlsTrust only{.authorities = trust.authorities};
    if (auto context = http::make_client_context(only); !context) {
      section.mistake("tls_ca_file", context.error().message);
    }
  }
  if (trust.certificate.empty() != trust.key.empty()) {
    section.mistake(trust.key.empty() ? "tls_client_certificate_file" : "tls_client_key_file",
                    "tls_client_certificate_file and tls_client_key_file belong together: set both or none");
  } else if (!trust.certificate.empty()) {
    const http::TlsTrust only{.certificate = trust.certificate, .key = trust.key};
    if (auto context = http::make_client_context(only); !context) {
      section.mistake("tls_client_certificate_file", context.error().message);
    }
  }
}

http::TlsTrust read_trust(SectionReader& section, bool enabled, const http::Url& url,
                          std::vector<std::string>& remarks) {
  http::TlsTrust trust;
  trust.authorities = section.text("tls_ca_file", "");
  trust.certificate = section.text("tls_client_certificate_file", "");
  trust.key = section.text("tls_client_key_file", "");
  trust.pins = section.parsed_list("tls_pin", http::parse_pin);
  // A word and not any boolean, so that nobody switches it off in passing.
  trust.verify = section.choice("tls_verify", "true", {"true", "false"}) == "true";
  if (!url.tls && !url.host.empty()) {
    const std::pair<const char*, bool> given[] = {{"tls_ca_file", !trust.authorities.empty()},
                                                  {"tls_pin", !trust.pins.empty()},
                                                  {"tls_client_certificate_file", !trust.certificate.empty()},
                                                  {"tls_client_key_file", !trust.key.empty()},
                                                  {"tls_verify", !trust.verify}};
    for (const auto& [key, is_given] : given) {
      if (is_given) section.mistake(key, "the url begins with http://, where nothing is encrypted: use https://");
    }
    return trust;
  }
  if (enabled) check_files(section, trust);
  if (!trust.verify && trust.pins.empty()) {
    remarks.push_back(
        fmt::format("[{}] tls_verify = false: whoever is on the way to {} can read and change what is sent, the key "
                    "too; a server with a certificate of its own is known by tls_ca_file or tls_pin",
                    section.name(), url.host));
  }
  return trust;
}

std::optional<http::Proxy> read_proxy(SectionReader& section, const http::Url& url,
                                      const config::Environment& environment) {
  const auto text = section.optional_text("proxy");
  if (text == "none") return std::nullopt;
  if (!text) {
    auto found = http::proxy_from_environment(url, environment);
    if (found) return std::move(*found);
    section.mistake("proxy", found.error().message + "; set proxy = none where it is not meant");
    return std::nullopt;
  }
  auto proxy = http::parse_proxy(*text);
  if (proxy) return std::move(*proxy);
  section.mistake("proxy", proxy.error().message + ", or none");
  return std::nullopt;
}

// The environment speaks of one server: the first of the file.
std::optional<ServerConfig> read_server(SectionReader& section, bool first, const config::Environment& environment,
                                        std::vector<std::string>& remarks) {
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
  server.group = section.text("group", "");
  if (!server.group.empty() && !upload::is_valid_agent_id(server.group)) {
    section.mistake("group", "1 to 64 letters, digits, '.', '_' or '-' are allowed");
  }
  if (server.name.starts_with(kGroupPrefix)) {
    section.mistake("url", fmt::format("a server's name cannot begin with \"{}\": call it otherwise", kGroupPrefix));
  }
  server.priority = static_cast<int>(section.integer("priority", 1, -1'000'000, 1'000'000));
  const auto protocol = section.choice("protocol", "native", {"native", "legacy"});
  server.protocol = protocol == "legacy" ? UploadProtocol::kLegacy : UploadProtocol::kNative;
  server.report_interval = section.duration("report_interval", 2s, 0s, 24h);
  server.timeout = section.duration("timeout", 10s, 1s, 5min);
  server.max_retries = static_cast<unsigned>(section.integer("max_retries", 3, 0, 1000));
  server.filter = read_filter(section);
  std::vector<std::string> its_remarks;
  server.trust = read_trust(section, enabled, server.url, its_remarks);
  if (!server.url.host.empty()) server.proxy = read_proxy(section, server.url, environment);
  if (server.api_key.empty()) {
    its_remarks.push_back(fmt::format("[{}] has no api_key: most servers want one", section.name()));
  }
  if (!enabled) return std::nullopt;
  std::ranges::move(its_remarks, std::back_inserter(remarks));
  return server;
}

// Servers of a group share a cursor, so they must be the same to it.
void check_groups(std::vector<SectionReader>& sections, const std::vector<ServerConfig>& servers) {
  std::map<std::string, const ServerConfig*> firsts;
  for (const auto& server : servers) {
    if (server.group.empty()) continue;
    const auto [first, is_new] = firsts.emplace(server.group, &server);
    if (is_new) continue;
    const auto section = std::ranges::find(sections, std::string(kServerPrefix) + server.name, &SectionReader::name);
    const auto must_equal = [&](const char* key, const char* what) {
      section->mistake(key, fmt::format("the servers of group {} share {}: give [server_{}] and [server_{}] the same",
                                        server.group, what, first->second->name, server.name));
    };
    const auto& [types, only_from, except_from] = first->second->filter;
    if (server.filter.types != types) must_equal("packet_types", "their filters");
    if (server.filter.only_from != only_from) must_equal("filter_nodes", "their filters");
    if (server.filter.except_from != except_from) must_equal("exclude_nodes", "their filters");
    if (server.protocol != first->second->protocol) must_equal("protocol", "one protocol");
  }
}

}  // namespace

ServersConfig read_servers(config::ConfigReader& reader) {
  ServersConfig config;
  auto sections = reader.sections_with_prefix(kServerPrefix);
  if (sections.empty()) sections.push_back(reader.section("server_default"));
  bool first = true;
  for (auto& section : sections) {
    auto server = read_server(section, std::exchange(first, false), reader.environment(), config.remarks);
    if (server) config.servers.push_back(std::move(*server));
  }
  if (config.servers.empty() && sections.front().present()) {
    sections.front().mistake("enabled", "every [server_NAME] section says false: at least one must be enabled");
  }
  check_groups(sections, config.servers);
  return config;
}

std::vector<Destination> destinations_of(const std::vector<ServerConfig>& servers) {
  std::vector<Destination> destinations;
  for (const auto& server : servers) {
    const std::string name = server.group.empty() ? server.name : std::string(kGroupPrefix) + server.group;
    auto found = std::ranges::find(destinations, name, &Destination::name);
    if (found == destinations.end()) {
      destinations.push_back({.name = name, .servers = {}});
      found = std::prev(destinations.end());
    }
    auto& members = found->servers;
    members.insert(std::ranges::upper_bound(members, server.priority, {}, &ServerConfig::priority), server);
  }
  return destinations;
}

std::string describe(const ServerConfig& server) {
  const bool is_v6 = server.url.host.find(':') != std::string::npos;
  std::string text = fmt::format("server {}: {}://{}{}{}:{}{}", server.name, server.url.tls ? "https" : "http",
                                 is_v6 ? "[" : "", server.url.host, is_v6 ? "]" : "", server.url.port, server.url.path);
  if (!server.group.empty()) text += ", group " + server.group;
  text += fmt::format(", priority {}", server.priority);
  if (server.protocol == UploadProtocol::kLegacy) text += ", protocol legacy";
  if (server.proxy) text += fmt::format(", through the proxy {}:{}", server.proxy->host, server.proxy->port);
  return text;
}

}  // namespace mmm::agent
