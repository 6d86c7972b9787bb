#include "core/log_shipping/log_config.h"

#include <utility>

namespace mmm::log {
namespace {

constexpr std::string_view kCollectorPrefix = "json_tcp_log_";
// What the Python version takes.
constexpr std::int64_t kCollectorPort = 5140;

void read_collector(config::SectionReader section, bool first, LogConfig& log) {
  CollectorConfig collector;
  collector.name = section.name().substr(kCollectorPrefix.size());
  collector.host =
      section.text("host", "", {.environment = first ? "JSON_LOG_HOST" : "", .required = section.present()});
  collector.port = static_cast<std::uint16_t>(
      section.integer("port", kCollectorPort, 1, 65535, {.environment = first ? "JSON_LOG_PORT" : ""}));
  collector.application = section.text("application", "meshymcmapface");
  collector.environment = section.text("environment", "production");
  collector.auth_token = section.secret("auth_token").value_or("");
  collector.use_tls = section.boolean("use_tls", false);
  collector.trust.verify = section.boolean("verify_ssl", true);
  collector.trust.authorities = section.text("tls_ca_file", "");
  if (collector.use_tls && !collector.trust.authorities.empty()) {
    // A file that is wrong is told now, under the key that names it.
    if (auto context = http::make_client_context(collector.trust); !context) {
      section.mistake("tls_ca_file", context.error().message);
    }
  }
  if (!collector.host.empty()) log.collectors.push_back(std::move(collector));
}

}  // namespace

LogConfig read_log_config(config::ConfigReader& reader) {
  LogConfig log;
  config::SectionReader section = reader.section("log");
  const std::string level = section.choice("level", "info", {"debug", "info", "warning", "warn", "error", "critical"},
                                           {.environment = "LOG_LEVEL"});
  log.options.level = parse_level(level).value_or(Level::kInfo);
  log.options.json = section.choice("format", "text", {"text", "json"}, {.environment = "LOG_FORMAT"}) == "json";
  log.options.file = section.text("file", "", {.environment = "LOG_FILE"});
  log.options.file_bytes_max = section.byte_size("file_max_size", log.options.file_bytes_max, 1U << 16U, 1ULL << 40U);
  log.options.file_backups = static_cast<unsigned>(section.integer("file_backups", log.options.file_backups, 0, 1000));
  auto collectors = reader.sections_with_prefix(kCollectorPrefix);
  if (collectors.empty()) collectors.push_back(reader.section("json_tcp_log_default"));
  bool first = true;
  for (const auto& each : collectors) read_collector(each, std::exchange(first, false), log);
  return log;
}

}  // namespace mmm::log
