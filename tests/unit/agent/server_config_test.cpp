#include "agent/upload/server_config.h"

#include "tests/support/certificates.h"
#include "tests/support/config_text.h"
#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace mmm::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Read {
  ServersConfig config;
  std::vector<std::string> mistakes;
};

Read read(std::string_view text, const std::map<std::string, std::string>& variables = {}) {
  auto reader = test::config_of(text, variables, "agent.ini");
  Read result;
  result.config = read_servers(reader);
  result.mistakes = reader.finish();
  return result;
}

// One section with the lines.
Read read_one(const std::string& lines, const std::map<std::string, std::string>& variables = {},
              const std::string& url = "https://mesh.example:8443") {
  return read("[server_x]\nurl = " + url + "\napi_key = k\n" + lines, variables);
}

TEST(ServerConfig, TrustsTheSystemsAuthoritiesByDefault) {
  const auto [config, mistakes] = read_one("");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_THAT(config.remarks, IsEmpty());
  const auto& server = config.servers.at(0);
  EXPECT_TRUE(server.trust.verify);
  EXPECT_THAT(server.trust.pins, IsEmpty());
  EXPECT_FALSE(server.proxy);
  EXPECT_EQ(server.priority, 1);
  EXPECT_EQ(server.protocol, UploadProtocol::kNative);
  EXPECT_EQ(describe(server), "server x: https://mesh.example:8443, priority 1");
}

TEST(ServerConfig, ReadsEveryKeyOfTls) {
  const test::TempDir directory;
  const test::CertificateAuthority authority;
  authority.write(directory / "ca.pem");
  authority.issue("agent", 10, directory / "agent.pem", directory / "agent.key");
  const std::string pin(64, 'a');
  const auto [config, mistakes] =
      read_one("tls_ca_file = " + (directory / "ca.pem").string() + "\ntls_pin = sha256//" + std::string(43, 'A') +
               "=, " + pin + "\ntls_client_certificate_file = " + (directory / "agent.pem").string() +
               "\ntls_client_key_file = " + (directory / "agent.key").string() + "\ntls_verify = True\n");
  EXPECT_THAT(mistakes, IsEmpty());
  const auto& trust = config.servers.at(0).trust;
  EXPECT_EQ(trust.authorities, directory / "ca.pem");
  EXPECT_THAT(trust.pins, ElementsAre(std::string(32, '\0'), std::string(32, '\xaa')));
  EXPECT_EQ(trust.certificate, directory / "agent.pem");
  EXPECT_TRUE(trust.verify);
}

TEST(ServerConfig, NamesWhatIsWrongWithTlsBeforeTheStart) {
  const test::TempDir directory;
  const test::CertificateAuthority authority;
  authority.issue("agent", 10, directory / "agent.pem", directory / "agent.key");
  const auto file = [&](const char* name) { return (directory / name).string(); };
  EXPECT_THAT(read_one("tls_ca_file = " + file("none.pem")).mistakes,
              ElementsAre(AllOf(HasSubstr("agent.ini:4: [server_x] tls_ca_file"), HasSubstr("No such file"))));
  EXPECT_THAT(read_one("tls_ca_file = " + file("agent.key")).mistakes, ElementsAre(HasSubstr("cannot be used")));
  EXPECT_THAT(read_one("tls_pin = abc").mistakes, ElementsAre(AllOf(HasSubstr("tls_pin"), HasSubstr("no pin"))));
  EXPECT_THAT(read_one("tls_client_certificate_file = " + file("agent.pem")).mistakes,
              ElementsAre(HasSubstr("belong together")));
  EXPECT_THAT(
      read_one("tls_client_certificate_file = " + file("agent.pem") + "\ntls_client_key_file = " + file("agent.pem"))
          .mistakes,
      ElementsAre(HasSubstr("tls_client_certificate_file")));
  EXPECT_THAT(read_one("tls_verify = no").mistakes, ElementsAre(HasSubstr("true, false")));
  EXPECT_THAT(read_one("tls_pin = " + std::string(64, 'a'), {}, "http://h").mistakes,
              ElementsAre(HasSubstr("use https://")));
  // Nobody uses the files of a server that is switched off.
  EXPECT_THAT(read("[server_y]\nurl=http://h\napi_key=k\n[server_x]\nurl = https://h\nenabled = false\n"
                   "tls_ca_file = /none\n")
                  .mistakes,
              IsEmpty());
}

TEST(ServerConfig, WithoutVerificationItWarnsUnlessAPinKnowsTheServer) {
  EXPECT_THAT(read_one("tls_verify = false").config.remarks,
              ElementsAre(AllOf(HasSubstr("tls_verify"), HasSubstr("mesh.example"), HasSubstr("tls_pin"))));
  EXPECT_THAT(read_one("tls_verify = false\ntls_pin = " + std::string(64, 'a')).config.remarks, IsEmpty());
}

TEST(ServerConfig, TakesTheProxyOfTheEnvironmentUnlessTheSectionHasItsOwn) {
  const std::map<std::string, std::string> variables{{"https_proxy", "http://user:p%40ss@proxy:3128"},
                                                     {"no_proxy", "localhost,.internal"}};
  const auto proxy_of = [&](const std::string& lines, const std::string& url) {
    auto result = read_one(lines, variables, url);
    EXPECT_THAT(result.mistakes, IsEmpty());
    return result.config.servers.at(0).proxy;
  };
  const auto from_environment = proxy_of("", "https://mesh.example");
  ASSERT_TRUE(from_environment);
  EXPECT_EQ(from_environment->host, "proxy");
  EXPECT_EQ(from_environment->authorization, "Basic dXNlcjpwQHNz");
  EXPECT_FALSE(proxy_of("", "http://mesh.example"));
  EXPECT_FALSE(proxy_of("", "https://server.internal"));
  EXPECT_FALSE(proxy_of("proxy = none", "https://mesh.example"));
  EXPECT_EQ(proxy_of("proxy = http://other:8080", "http://server.internal")->host, "other");
}

TEST(ServerConfig, NoMessageShowsAProxysPassword) {
  for (const auto& result : {read_one("proxy = socks5://user:SECRET@proxy"), read_one("proxy = http://user:SECRET@"),
                             read_one("", {{"https_proxy", "http://user:SECRET%2@proxy"}})}) {
    ASSERT_EQ(result.mistakes.size(), 1U);
    EXPECT_THAT(result.mistakes[0], AllOf(HasSubstr("proxy"), Not(HasSubstr("SECRET"))));
  }
  const auto good = read_one("proxy = http://user:SECRET@proxy:1");
  EXPECT_EQ(describe(good.config.servers.at(0)),
            "server x: https://mesh.example:8443, priority 1, through the proxy proxy:1");
}

TEST(ServerConfig, ServersOfAGroupAreOneDestinationInTheOrderOfPriority) {
  const auto [config, mistakes] = read(
      "[server_backup]\nurl=http://b\napi_key=k\ngroup=site\npriority=2\n"
      "[server_archive]\nurl=http://c\napi_key=k\n"
      "[server_main]\nurl=http://a\napi_key=k\ngroup=site\n"
      "[server_last]\nurl=http://d\napi_key=k\ngroup=site\npriority=2\n");
  EXPECT_THAT(mistakes, IsEmpty());
  const auto destinations = destinations_of(config.servers);
  ASSERT_EQ(destinations.size(), 2U);
  EXPECT_EQ(destinations[0].name, "group:site");
  EXPECT_EQ(destinations[1].name, "archive");
  std::vector<std::string> names;
  for (const auto& server : destinations[0].servers) names.push_back(server.name);
  EXPECT_THAT(names, ElementsAre("main", "backup", "last"));
}

TEST(ServerConfig, ServersOfAGroupMustHaveTheSameFilters) {
  const std::string two =
      "[server_a]\nurl=http://a\napi_key=k\ngroup=site\npacket_types=position,telemetry\n"
      "[server_b]\nurl=http://b\napi_key=k\ngroup=site\n";
  EXPECT_THAT(read(two).mistakes, ElementsAre(AllOf(HasSubstr("agent.ini:6: [server_b] packet_types"),
                                                    HasSubstr("[server_a] and [server_b]"))));
  EXPECT_THAT(read(two + "packet_types=telemetry,position\n").mistakes, IsEmpty());
  EXPECT_THAT(read(two + "packet_types=telemetry,position\nexclude_nodes=!1\n").mistakes,
              ElementsAre(HasSubstr("exclude_nodes")));
  EXPECT_THAT(read(two + "packet_types=telemetry,position\nprotocol=legacy\n").mistakes,
              ElementsAre(HasSubstr("[server_b] protocol")));
  EXPECT_THAT(read_one("group = a b").mistakes, ElementsAre(HasSubstr("group")));
}

}  // namespace
}  // namespace mmm::agent
