#include "core/config/config_reader.h"

#include "tests/support/config_text.h"
#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace mmm::config {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ConfigReader reader(std::string_view text, std::map<std::string, std::string> variables = {}) {
  return test::config_of(text, std::move(variables), "x.ini");
}

TEST(ConfigReader, ReadsTypedValues) {
  auto config = reader(
      "[server]\nport = 8082\nhost = 0.0.0.0\ntls = Yes\nlat = -98.5\nwait = 5m\nsize = 64M\nmode = TCP\nnodes = !1, "
      "!2\n");
  auto server = config.section("server");
  EXPECT_EQ(server.integer("port", 1, 1, 65535), 8082);
  EXPECT_EQ(server.text("host", ""), "0.0.0.0");
  EXPECT_TRUE(server.boolean("tls", false));
  EXPECT_EQ(server.number("lat", 0, -180, 180), -98.5);
  EXPECT_EQ(server.duration("wait", 1s, 1s, 1h), 5min);
  EXPECT_EQ(server.byte_size("size", 1, 1, 1U << 30U), 64U << 20U);
  EXPECT_EQ(server.choice("mode", "auto", {"serial", "tcp", "auto"}), "tcp");
  EXPECT_THAT(server.list("nodes"), ElementsAre("!1", "!2"));
  EXPECT_EQ(server.integer("absent", 7, 1, 9), 7);
  EXPECT_THAT(config.finish(), IsEmpty());
}

TEST(ConfigReader, NamesEveryMistakeAtOnceWithWhatIsAllowed) {
  auto config = reader("[server]\nport = 99999\nhots = x\nmode = ble\n[srever]\nx = 1\n");
  auto server = config.section("server");
  EXPECT_EQ(server.integer("port", 8082, 1, 65535), 8082);
  EXPECT_EQ(server.text("host", "localhost"), "localhost");
  EXPECT_EQ(server.choice("mode", "tcp", {"serial", "tcp"}), "tcp");
  server.text("key", "", {.required = true});
  EXPECT_THAT(config.finish(),
              ElementsAre(HasSubstr("x.ini:1: [server] key is missing"),
                          "x.ini:2: [server] port: '99999' is not a whole number from 1 to 65535",
                          HasSubstr("x.ini:3: [server] hots: there is no such key, did you mean host?; allowed: host,"),
                          "x.ini:4: [server] mode: 'ble' is not one of serial, tcp",
                          HasSubstr("x.ini:5: [srever]: there is no such section, did you mean [server]?")));
}

TEST(ConfigReader, EnvironmentWinsAndVariablesExpand) {
  auto config = reader("[agent]\nid = from-file\nname = ${SITE:-nowhere} $$5\nbad = ${UNSET}\n",
                       {{"AGENT_ID", "from-environment"}});
  auto agent = config.section("agent");
  EXPECT_EQ(agent.text("id", "", {.environment = "AGENT_ID"}), "from-environment");
  EXPECT_EQ(agent.text("name", ""), "nowhere $5");
  EXPECT_EQ(agent.text("bad", "default", {.required = true}), "default");
  EXPECT_THAT(config.finish(),
              ElementsAre(HasSubstr("x.ini:4: [agent] bad: the environment variable UNSET is not set")));
}

TEST(ConfigReader, SecretsComeFromFilesAndStandInNoMessage) {
  test::TempDir directory;
  const auto path = directory.path() / "key";
  std::ofstream(path) << "s3cret-value \nsecond line\n";
  auto config =
      reader("[server_a]\napi_key_file = " + path.string() +
             "\n[server_b]\napi_key = hidden-value\napi_key_file = /x\n[server_c]\napi_key_file = /nonexistent\n");
  auto servers = config.sections_with_prefix("server_");
  ASSERT_EQ(servers.size(), 3U);
  EXPECT_EQ(servers[0].secret("api_key"), "s3cret-value");
  EXPECT_FALSE(servers[1].secret("api_key"));
  EXPECT_FALSE(servers[2].secret("api_key"));
  const auto mistakes = config.finish();
  ASSERT_EQ(mistakes.size(), 2U);
  EXPECT_THAT(mistakes[0], HasSubstr("[server_b] api_key: both api_key and api_key_file are given"));
  EXPECT_THAT(mistakes[1], HasSubstr("[server_c] api_key_file: cannot read the secret: /nonexistent: no such file"));
  for (const auto& mistake : mistakes) EXPECT_EQ(mistake.find("hidden"), std::string::npos);
}

TEST(ConfigReader, SecretFileOfTheEnvironmentWinsOverTheFilesKey) {
  test::TempDir directory;
  const auto path = directory.path() / "key";
  std::ofstream(path) << "mounted\n";
  auto config = reader("[server_a]\napi_key = ${UNSET}\n", {{"API_KEY_FILE", path.string()}});
  EXPECT_EQ(config.section("server_a").secret("api_key", {.environment = "API_KEY"}), "mounted");
  EXPECT_THAT(config.finish(), IsEmpty());
}

TEST(ConfigReader, AVariableComesFromTheSecretsFileThatTheEnvironmentNames) {
  test::TempDir directory;
  const auto path = directory.path() / "key";
  std::ofstream(path) << "mounted\n";
  auto config = reader("[api_keys]\na = ${A_KEY}\nb = ${B_KEY:-fallback}\nc = ${C_KEY}\nd = ${D_KEY:-x}\n",
                       {{"A_KEY_FILE", path.string()},
                        {"B_KEY", "direct"},
                        {"B_KEY_FILE", path.string()},
                        {"C_KEY_FILE", "/nonexistent"},
                        {"D_KEY_FILE", ""}});
  const auto keys = config.section("api_keys").all();
  ASSERT_EQ(keys.size(), 3U);
  EXPECT_EQ(keys[0].value, "mounted");
  EXPECT_EQ(keys[1].value, "direct");
  EXPECT_EQ(keys[2].value, "x");
  EXPECT_THAT(config.finish(),
              ElementsAre("x.ini:4: [api_keys] c: C_KEY_FILE: cannot read the secret: /nonexistent: no such file"));
}

TEST(ConfigReader, IgnoresWhatThePythonVersionHadAndTakesNamedSections) {
  auto config = reader(
      "[route_discovery]\nenabled = true\n[json_tcp_log_a]\nhost = x\n[api_keys]\nagent_001 = k1\n[agent]\nold = 1\n");
  config.ignore_section("route_discovery");
  config.ignore_sections_with_prefix("json_tcp_log_");
  config.section("agent").ignore({"old"});
  const auto keys = config.section("api_keys").all();
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].key, "agent_001");
  EXPECT_EQ(keys[0].value, "k1");
  EXPECT_THAT(config.finish(), IsEmpty());
}

}  // namespace
}  // namespace mmm::config
