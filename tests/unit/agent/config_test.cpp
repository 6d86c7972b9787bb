#include "agent/config.h"

#include "tests/support/config_text.h"

#include <gtest/gtest.h>

#include <map>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;

struct Read {
  Config config;
  std::vector<std::string> mistakes;
};

Read read(std::string_view text, const std::map<std::string, std::string>& variables = {}) {
  auto reader = test::config_of(text, variables, "agent.ini");
  Read result;
  result.config = read_config(reader, result.mistakes);
  return result;
}

constexpr std::string_view kPythonFile = R"(
[agent]
id = agent_001
location_name = Hill Top
location_lat = 46.5
location_lon = -7.25
database_dir = /var/lib/meshymcmapface
priority_nodes = !0a1b2c3d,!11223344
priority_check_interval = 300
priority_cache_duration = 12

[meshtastic]
connection_type = auto
device_path = /dev/ttyUSB0
# tcp_host = 192.168.1.100
# ble_address =

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
url = https://backup.example.org
api_key = other
enabled = false
report_interval = 60

[server_analytics]
url = http://analytics.example.org:8083/base
api_key = third
report_interval = 300
packet_types = position,telemetry
priority = 3
max_retries = 2
timeout = 30
exclude_nodes = !11223344

[route_discovery]
enabled = true
interval_minutes = 60
hop_limit = 7
delay_between_traces = 3.0

[json_tcp_log_main]
host = logs.example.org
port = 5140
application = meshymcmapface
auth_token = secret
)";

TEST(AgentConfig, LoadsAFileOfThePythonVersion) {
  const auto [config, mistakes] = read(kPythonFile);
  EXPECT_TRUE(mistakes.empty()) << mistakes.front();
  EXPECT_EQ(config.id, "agent_001");
  EXPECT_EQ(config.location_name, "Hill Top");
  EXPECT_DOUBLE_EQ(*config.latitude, 46.5);
  EXPECT_DOUBLE_EQ(*config.longitude, -7.25);
  EXPECT_EQ(config.buffer_path, "/var/lib/meshymcmapface/agent_001_agent_buffer.db");
  ASSERT_EQ(config.radios.size(), 1U);
  EXPECT_EQ(config.radios[0].kind, RadioConfig::Kind::kSerial);
  EXPECT_EQ(config.radios[0].device, "/dev/ttyUSB0");
  ASSERT_EQ(config.servers.size(), 2U);
  EXPECT_EQ(config.servers[0].name, "primary");
  EXPECT_EQ(config.servers[0].api_key, "your-api-key-here");
  EXPECT_EQ(config.servers[0].report_interval, 30s);
  EXPECT_TRUE(config.servers[0].filter.passes_everything());
  EXPECT_EQ(config.servers[1].name, "analytics");
  EXPECT_EQ(config.servers[1].url.port, 8083);
  EXPECT_EQ(config.servers[1].url.path, "/base");
  EXPECT_EQ(config.servers[1].timeout, 30s);
  EXPECT_EQ(config.servers[1].max_retries, 2U);
  EXPECT_EQ(config.servers[1].filter.types.size(), 2U);
  EXPECT_EQ(config.servers[1].filter.except_from, std::set<mesh::NodeNum>{0x11223344});
  // What it asks for over the air is not done, and said.
  EXPECT_EQ(config.remarks.size(), 2U);
  EXPECT_FALSE(config.active.traceroutes);
  EXPECT_FALSE(config.radios[0].set_time);
  EXPECT_EQ(config.active.priority_nodes.size(), 2U);
}

constexpr std::string_view kMinimal = "[agent]\nid=a\n[meshtastic]\n[server_x]\nurl=http://h\napi_key=k\n";

TEST(AgentConfig, TransmitsOnlyWhenToldSoInAKeyOfItsOwn) {
  EXPECT_FALSE(read(kMinimal).config.active.traceroutes);
  EXPECT_FALSE(read(kMinimal).config.radios[0].set_time);
  const std::string minimal(kMinimal);
  const auto off = read(minimal + "[route_discovery]\ntransmit = true\nenabled = false\n");
  EXPECT_FALSE(off.config.active.traceroutes);
  const auto [config, mistakes] = read(minimal +
                                       "[route_discovery]\ntransmit=true\ninterval_minutes=90\nhop_limit=3\ndelay_"
                                       "between_traces=3.0\nairtime_percent=0.5\n");
  EXPECT_TRUE(mistakes.empty()) << mistakes.front();
  EXPECT_TRUE(config.remarks.empty());
  EXPECT_TRUE(config.active.traceroutes);
  EXPECT_EQ(config.active.interval, 90min);
  EXPECT_EQ(config.active.hop_limit, 3U);
  EXPECT_EQ(config.active.delay_between_traces, 30s);  // the radio's limit
  EXPECT_DOUBLE_EQ(config.active.airtime_percent, 0.5);
  EXPECT_EQ(read(minimal + "[route_discovery]\ntransmit=perhaps\nhop_limit=8\n").mistakes.size(), 2U);
}

TEST(AgentConfig, HasSeveralRadiosEachWithABufferOfItsOwn) {
  const auto [config, mistakes] = read(
      "[agent]\nid=a\ndatabase_dir=/data\n[server_x]\nurl=http://h\napi_key=k\n"
      "[meshtastic]\ndevice_path=/dev/ttyUSB0\nset_time=true\n[meshtastic_2]\ntcp_host=radio.example\n"
      "[meshtastic_attic]\nble_address=Hill_ab12\n",
      {{"MESHTASTIC_2_HOST", "other.example:4404"}});
  EXPECT_TRUE(mistakes.empty()) << mistakes.front();
  ASSERT_EQ(config.radios.size(), 3U);
  EXPECT_EQ(config.radios[0].section, "meshtastic");
  EXPECT_EQ(config.radios[0].buffer_path, "/data/a_agent_buffer.db");
  EXPECT_TRUE(config.radios[0].set_time);
  EXPECT_EQ(config.radios[1].host, "other.example");
  EXPECT_EQ(config.radios[1].port, 4404);
  EXPECT_EQ(config.radios[1].buffer_path, "/data/a_agent_buffer_2.db");
  EXPECT_FALSE(config.radios[1].set_time);
  EXPECT_EQ(config.radios[2].kind, RadioConfig::Kind::kBle);
  EXPECT_EQ(config.radios[2].buffer_path, "/data/a_agent_buffer_attic.db");
}

TEST(AgentConfig, TwoRadiosMustNotReachForOne) {
  const std::string rest = "[agent]\nid=a\n[server_x]\nurl=http://h\napi_key=k\n";
  const auto searching = read(rest + "[meshtastic]\n[meshtastic_2]\ntcp_host=h\n");
  ASSERT_EQ(searching.mistakes.size(), 1U);
  EXPECT_NE(searching.mistakes[0].find("[meshtastic] device_path: with several radios each needs"), std::string::npos)
      << searching.mistakes[0];
  const auto same = read(rest + "[meshtastic]\ntcp_host=h\n[meshtastic_2]\ntcp_host=h:4403\n");
  ASSERT_EQ(same.mistakes.size(), 1U);
  EXPECT_NE(same.mistakes[0].find("[meshtastic_2] tcp_host: [meshtastic] has that radio already"), std::string::npos)
      << same.mistakes[0];
  EXPECT_TRUE(read(rest + "[meshtastic]\ntcp_host=h\n[meshtastic_2]\ntcp_host=h:4404\n").mistakes.empty());
  EXPECT_EQ(read(rest + "[meshtastic]\ntcp_host=h\n[meshtastic2]\ntcp_host=i\n").mistakes.size(), 1U);
  EXPECT_EQ(read(rest + "[meshtastic]\ntcp_host=h\n[meshtastic_my radio]\ntcp_host=i\n").mistakes.size(), 1U);
}

TEST(AgentConfig, HasWorkingDefaults) {
  const auto [config, mistakes] = read(kMinimal);
  EXPECT_TRUE(mistakes.empty()) << mistakes.front();
  EXPECT_EQ(config.servers[0].report_interval, 2s);
  EXPECT_EQ(config.commit_interval, 100ms);
  EXPECT_EQ(config.buffer_age_max, 0ms);
  EXPECT_EQ(config.buffer_bytes_max, 1U << 30U);
  EXPECT_EQ(config.metrics_port, 9090);
  EXPECT_EQ(config.metrics_bind, "127.0.0.1");
  EXPECT_TRUE(config.metrics_port_is_default);
  EXPECT_TRUE(config.radios[0].device.empty());
}

TEST(AgentConfig, ReadsOurOwnKeys) {
  const auto [config, mistakes] = read(std::string(kMinimal) +
                                       "[buffer]\nmax_size=64M\nmax_age=30d\ncommit_interval_ms=0\n[metrics]\nport="
                                       "9191\nbind=0.0.0.0\n[log]\nlevel=DEBUG\n");
  EXPECT_TRUE(mistakes.empty()) << mistakes.front();
  EXPECT_EQ(config.buffer_bytes_max, 64U << 20U);
  EXPECT_EQ(config.buffer_age_max, 24h * 30);
  EXPECT_EQ(config.commit_interval, 0ms);
  EXPECT_EQ(config.metrics_port, 9191);
  EXPECT_FALSE(config.metrics_port_is_default);
  EXPECT_EQ(config.log.options.level, log::Level::kDebug);
}

TEST(AgentConfig, WorksFromTheEnvironmentAlone) {
  const auto [config, mistakes] = read("", {{"AGENT_ID", "env-agent"},
                                            {"SERVER_URL", "http://server:8082"},
                                            {"API_KEY", "k"},
                                            {"DB_PATH", "/data/env.db"},
                                            {"LOG_LEVEL", "WARNING"},
                                            {"MESHTASTIC_CONNECTION", "tcp"},
                                            {"MESHTASTIC_HOST", "192.168.1.100:4404"}});
  EXPECT_TRUE(mistakes.empty()) << mistakes.front();
  EXPECT_EQ(config.id, "env-agent");
  EXPECT_EQ(config.buffer_path, "/data/env.db");
  EXPECT_EQ(config.radios[0].kind, RadioConfig::Kind::kTcp);
  EXPECT_EQ(config.radios[0].host, "192.168.1.100");
  EXPECT_EQ(config.radios[0].port, 4404);
  ASSERT_EQ(config.servers.size(), 1U);
  EXPECT_EQ(config.servers[0].url.host, "server");
  EXPECT_EQ(config.servers[0].api_key, "k");
  EXPECT_EQ(config.log.options.level, log::Level::kWarning);
}

TEST(AgentConfig, NamesEveryMistakeWithFileLineAndKey) {
  const auto [config, mistakes] = read(R"([agent]
id = not allowed!
location_lat = 91
[meshtastic]
connection_type = bluetooth
[server_x]
url = ftp://h
packet_types = position, positions
filter_nodes = nobody
timeout = never
colour = red
[metrics]
port = 99999
[typo]
a = b
)");
  std::string all;
  for (const auto& mistake : mistakes) {
    EXPECT_EQ(mistake.find('\n'), std::string::npos);
    all += mistake + "\n";
  }
  for (const char* expected :
       {"agent.ini:2: [agent] id", "agent.ini:3: [agent] location_lat", "agent.ini:5: [meshtastic] connection_type",
        "agent.ini:7: [server_x] url", "agent.ini:8: [server_x] packet_types", "text_message",
        "agent.ini:9: [server_x] filter_nodes", "agent.ini:10: [server_x] timeout", "colour",
        "agent.ini:13: [metrics] port", "typo"}) {
    EXPECT_NE(all.find(expected), std::string::npos) << expected << "\n" << all;
  }
}

TEST(AgentConfig, NeedsAnIdAndAServer) {
  EXPECT_FALSE(read("[meshtastic]\n[server_x]\nurl=http://h\n").mistakes.empty());
  EXPECT_FALSE(read("[agent]\nid=a\n[meshtastic]\n").mistakes.empty());
  const auto disabled = read("[agent]\nid=a\n[meshtastic]\n[server_x]\nurl=http://h\nenabled=no\n");
  ASSERT_EQ(disabled.mistakes.size(), 1U);
  EXPECT_NE(disabled.mistakes[0].find("enabled"), std::string::npos);
  EXPECT_FALSE(read("[agent]\nid=a\n[meshtastic]\nconnection_type=tcp\n[server_x]\nurl=http://h\n").mistakes.empty());
}

TEST(AgentConfig, TheKeyIsNeverShown) {
  const auto result = read("[agent]\nid=a\n[meshtastic]\n[server_x]\nurl=http://h\napi_key=SECRET\napi_key_file=/x\n");
  ASSERT_FALSE(result.mistakes.empty());
  for (const auto& mistake : result.mistakes) EXPECT_EQ(mistake.find("SECRET"), std::string::npos);
}

}  // namespace
}  // namespace mmm::agent
