#include "ingest/access/access_config.h"

#include "ingest/config.h"
#include "ingest/reload.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <fstream>

namespace mmm::ingest {
namespace {

using namespace std::chrono_literals;

LoadedConfig load(const std::string& text) {
  std::vector<std::string> mistakes;
  auto file = config::parse_ini(text, "s.ini", mistakes);
  return read_server_config(
      config::ConfigReader(std::move(file), mistakes, [](const std::string&) { return std::nullopt; }));
}

std::string mistakes_of(const std::string& text) {
  std::string all;
  for (const std::string& mistake : load(text).mistakes) all += mistake + "\n";
  return all;
}

TEST(AccessConfig, IsOpenAndWithoutLimitsByDefault) {
  const auto loaded = load("");
  EXPECT_TRUE(loaded.mistakes.empty());
  EXPECT_EQ(loaded.config.access.read, ReadMode::kOpen);
  EXPECT_EQ(loaded.config.limits, LimitsConfig{});
  EXPECT_EQ(loaded.config.limits.requests_per_second, 0);
  EXPECT_FALSE(loaded.config.tls.enabled());
}

TEST(AccessConfig, EveryKeyIsRead) {
  const auto loaded = load(
      "[server]\ntrusted_proxies = 10.0.0.0/8, ::1\ntls_certificate = c.pem\ntls_key = k.pem\n"
      "[access]\nread = Token\nread_tokens = alice:0123456789abcdef,\n  bob : fedcba9876543210\n"
      "proxy_header = X-User\n"
      "[limits]\nrequests_per_second = 0.5\nuploads_per_second = 2\nrecords_per_second = 3000\nburst = 1m\n"
      "failed_attempts_per_minute = 5\n");
  for (const std::string& mistake : loaded.mistakes) ADD_FAILURE() << mistake;
  const ServerConfig& config = loaded.config;
  EXPECT_TRUE(config.access.trusted_proxies.contains("10.9.9.9"));
  EXPECT_EQ(config.access.read, ReadMode::kToken);
  const std::vector<AccessConfig::Token> tokens{{"alice", "0123456789abcdef"}, {"bob", "fedcba9876543210"}};
  EXPECT_EQ(config.access.read_tokens, tokens);
  EXPECT_EQ(config.access.proxy_header, "x-user");
  EXPECT_EQ(config.limits.requests_per_second, 0.5);
  EXPECT_EQ(config.limits.uploads_per_second, 2);
  EXPECT_EQ(config.limits.records_per_second, 3000);
  EXPECT_EQ(config.limits.burst, 60s);
  EXPECT_EQ(config.limits.failed_attempts_per_minute, 5);
  EXPECT_TRUE(config.tls.enabled());
}

TEST(AccessConfig, TokensComeFromAFileToo) {
  const test::TempDir directory;
  const auto path = directory / "tokens";
  std::ofstream(path) << "# who may read\n\nalice:0123456789abcdef\r\nbob:fedcba9876543210\n";
  const auto loaded = load("[access]\nread = token\nread_token_file = " + path.string() + "\n");
  EXPECT_TRUE(loaded.mistakes.empty());
  EXPECT_EQ(loaded.config.access.read_tokens.size(), 2U);
  EXPECT_EQ(loaded.config.access.read_tokens[0].token, "0123456789abcdef");
  std::ofstream(path) << "alice:short-secret\n\nbob\n";
  const std::string mistakes = mistakes_of("[access]\nread_token_file = " + path.string() + "\n");
  EXPECT_NE(mistakes.find(path.string() + ":3: a token is written NAME:TOKEN"), std::string::npos) << mistakes;
}

TEST(AccessConfig, MistakesSayWhatIsWrongAndShowNoToken) {
  const auto says = [](const std::string& text, const std::string& words) {
    const std::string mistakes = mistakes_of(text);
    EXPECT_NE(mistakes.find(words), std::string::npos) << text << "\n" << mistakes;
    EXPECT_EQ(mistakes.find("s3cret"), std::string::npos) << mistakes;
  };
  says("[access]\nread = token\n", "needs [access] read_tokens");
  says("[access]\nread = proxy\n", "needs [server] trusted_proxies");
  says("[access]\nread = closed\n", "open, token, proxy");
  says("[access]\nread_tokens = alice:s3cret\n", "the token of alice must have 16");
  says("[access]\nread_tokens = s3cret-s3cret-s3cret\n", "NAME:TOKEN");
  says("[access]\nread_tokens = a:s3cret-s3cret-s3cret, A:s3cret-s3cret-s3cre2\n", "two tokens");
  says("[access]\nread_tokens = a:s3cret-s3cret-s3cret, b:s3cret-s3cret-s3cret\n", "the same token");
  says("[access]\nproxy_header = X User\n", "is not the name of a header");
  says("[server]\ntrusted_proxies = 10.0.0.0/8, proxy\n", "'proxy' is not an IP address");
  says("[server]\ntls_key = k.pem\n", "both tls_certificate and tls_key");
  says("[limits]\nburst = 0\n", "a time from");
  says("[limits]\nrequests_per_second = -1\n", "a number from");
  says("[limits]\nrequests_per_minute = 1\n", "requests_per_minute");
}

TEST(NeedsRestart, NamesWhatAReloadDoesNotTakeUp) {
  const ServerConfig running = load("").config;
  EXPECT_TRUE(needs_restart(running, running).empty());
  const ServerConfig reloadable = load(
                                      "[access]\nread = token\nread_tokens = a:0123456789abcdef\n[limits]\nburst = 1s\n"
                                      "[log]\nlevel = debug\n[api_keys]\na = b\n[server]\nbind_keys = false\n")
                                      .config;
  EXPECT_TRUE(needs_restart(running, reloadable).empty());
  const ServerConfig other = load(
                                 "[server]\nport = 1\nthreads = 2\ntls_certificate = c\ntls_key = k\n"
                                 "[map]\nzoom_level = 7\nforce_center = true\n[channels]\nx = simple 1\n")
                                 .config;
  const std::vector<std::string> names{"[server] port", "[server] threads", "[server] tls_certificate (on or off)",
                                       "[map]", "[channels]"};
  EXPECT_EQ(needs_restart(running, other), names);
}

}  // namespace
}  // namespace mmm::ingest
