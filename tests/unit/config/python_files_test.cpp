// The files that users of the Python version have: they must load as Python's configparser reads them.

#include "core/config/config_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mmm::config {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kAgentFile = R"([agent]
id = agent_001
location_name = Seattle Hub
location_lat = 47.6062
location_lon = -122.3321
database_dir = /var/lib/meshymcmapface
priority_nodes = !12345678, !87654321
priority_check_interval = 300
priority_cache_duration = 12

[meshtastic]
connection_type = auto
# device_path = /dev/ttyUSB0
# tcp_host = 192.168.1.100
# ble_address = AA:BB:CC:DD:EE:FF

[server_primary]
url = http://localhost:8082
api_key = your-api-key-here
enabled = true
report_interval = 30
packet_types = all
priority = 1
max_retries = 3
timeout = 10
filter_nodes =
exclude_nodes =

[server_backup]
url = https://backup.example.com:8082
api_key = backup-key
enabled = false
report_interval = 60
priority = 2

[route_discovery]
enabled = true
interval_minutes = 60
hop_limit = 7
delay_between_traces = 3.0

[json_tcp_log_central]
host = logs.example.com
port = 5140
use_tls = false
)";

ConfigReader reader(std::string_view text) {
  std::vector<std::string> mistakes;
  auto file = parse_ini(text, "multi_agent_config.ini", mistakes);
  return {std::move(file), std::move(mistakes), [](const std::string&) { return std::nullopt; }};
}

TEST(PythonFiles, TheAgentsFileLoads) {
  auto config = reader(kAgentFile);
  auto agent = config.section("agent");
  EXPECT_EQ(agent.text("id", "", {.required = true}), "agent_001");
  EXPECT_EQ(agent.text("location_name", ""), "Seattle Hub");
  EXPECT_DOUBLE_EQ(agent.number("location_lat", 0, -90, 90), 47.6062);
  EXPECT_DOUBLE_EQ(agent.number("location_lon", 0, -180, 180), -122.3321);
  EXPECT_EQ(agent.text("database_dir", "."), "/var/lib/meshymcmapface");
  agent.ignore({"priority_nodes", "priority_check_interval", "priority_cache_duration"});
  auto radio = config.section("meshtastic");
  EXPECT_EQ(radio.choice("connection_type", "auto", {"serial", "tcp", "ble", "auto"}), "auto");
  EXPECT_FALSE(radio.optional_text("device_path"));
  config.ignore_section("route_discovery");
  config.ignore_sections_with_prefix("json_tcp_log_");

  std::vector<std::string> names;
  for (auto& server : config.sections_with_prefix("server_")) {
    names.push_back(server.name());
    EXPECT_FALSE(server.text("url", "", {.required = true}).empty());
    EXPECT_TRUE(server.secret("api_key", {.required = true}));
    EXPECT_EQ(server.boolean("enabled", true), server.name() == "server_primary");
    EXPECT_EQ(server.duration("report_interval", 30s, 1s, 24h), server.name() == "server_primary" ? 30s : 60s);
    EXPECT_EQ(server.duration("timeout", 10s, 1s, 1h), 10s);
    // `key =` with nothing behind it is not set.
    EXPECT_THAT(server.list("filter_nodes"), IsEmpty());
    server.ignore({"packet_types", "priority", "max_retries", "exclude_nodes"});
  }
  EXPECT_THAT(names, ElementsAre("server_primary", "server_backup"));
  EXPECT_THAT(config.finish(), IsEmpty());
}

TEST(PythonFiles, TheServersFileLoads) {
  auto config = reader(
      "[server]\nhost = localhost\nport = 8082\nsite_name = MeshyMcMapface\n\n"
      "[database]\npath = distributed_meshview.db\n\n"
      "[map]\ncenter_lat = 39.8283\ncenter_lon = -98.5795\nzoom_level = 4\nforce_center = false\n\n"
      "[api_keys]\nagent_001 = 0123456789abcdef0123456789abcdef\nAgent_002 = fedcba9876543210fedcba9876543210\n");
  auto server = config.section("server");
  EXPECT_EQ(server.text("host", ""), "localhost");
  EXPECT_EQ(server.integer("port", 0, 1, 65535), 8082);
  EXPECT_EQ(server.text("site_name", ""), "MeshyMcMapface");
  config.section("database").ignore({"path"});
  config.section("map").ignore({"center_lat", "center_lon", "zoom_level", "force_center"});
  const auto keys = config.section("api_keys").all();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[1].key, "agent_002");  // configparser makes keys lower case
  EXPECT_THAT(config.finish(), IsEmpty());
}

TEST(PythonFiles, InterpolationThatOnlyConfigparserKnowsIsNamed) {
  auto config = reader("[agent]\nhome = /srv\ndatabase_dir = %(home)s/data\nid = 100%%\nlocation_name = 5 % up\n");
  auto agent = config.section("agent");
  EXPECT_EQ(agent.text("home", ""), "/srv");
  EXPECT_EQ(agent.text("database_dir", "."), ".");
  EXPECT_EQ(agent.text("id", ""), "100%");
  EXPECT_EQ(agent.text("location_name", ""), "5 % up");
  EXPECT_THAT(config.finish(),
              ElementsAre("multi_agent_config.ini:3: [agent] database_dir: %(home)s is not supported: write the value "
                          "out, or use an environment variable, ${NAME}"));
}

}  // namespace
}  // namespace mmm::config
