#include "core/log_shipping/log_config.h"

#include "tests/support/config_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mmm::log {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Loaded {
  LogConfig log;
  std::vector<std::string> mistakes;
};

Loaded read(std::string_view text, std::map<std::string, std::string> variables = {}) {
  auto reader = test::config_of(text, std::move(variables));
  Loaded loaded{.log = read_log_config(reader), .mistakes = {}};
  loaded.mistakes = reader.finish();
  return loaded;
}

TEST(LogConfig, DefaultsToTextOnStandardError) {
  const Loaded loaded = read("");
  EXPECT_THAT(loaded.mistakes, IsEmpty());
  EXPECT_EQ(loaded.log.options.level, Level::kInfo);
  EXPECT_FALSE(loaded.log.options.json);
  EXPECT_TRUE(loaded.log.options.file.empty());
  EXPECT_THAT(loaded.log.collectors, IsEmpty());
}

TEST(LogConfig, ReadsTheCollectorsOfThePythonVersion) {
  const Loaded loaded = read(
      "[log]\nlevel = WARN\nformat = json\nfile = /tmp/x.log\nfile_max_size = 1M\nfile_backups = 2\n"
      "[json_tcp_log_elk]\nhost = logs.example\nport = 5000\napplication = mesh\nenvironment = test\n"
      "auth_token = secret\nuse_tls = true\nverify_ssl = false\n[json_tcp_log_other]\nhost = other\n");
  EXPECT_THAT(loaded.mistakes, IsEmpty());
  EXPECT_EQ(loaded.log.options.level, Level::kWarning);
  EXPECT_TRUE(loaded.log.options.json);
  EXPECT_EQ(loaded.log.options.file, "/tmp/x.log");
  EXPECT_EQ(loaded.log.options.file_bytes_max, 1U << 20U);
  EXPECT_EQ(loaded.log.options.file_backups, 2U);
  ASSERT_THAT(loaded.log.collectors, SizeIs(2));
  const CollectorConfig wanted{.name = "elk",
                               .host = "logs.example",
                               .port = 5000,
                               .application = "mesh",
                               .environment = "test",
                               .auth_token = "secret",
                               .use_tls = true,
                               .trust = {.verify = false}};
  EXPECT_EQ(loaded.log.collectors[0], wanted);
  EXPECT_EQ(loaded.log.collectors[1].port, 5140);
  EXPECT_TRUE(loaded.log.collectors[1].trust.verify);
}

TEST(LogConfig, TheEnvironmentNamesACollector) {
  const Loaded loaded = read("", {{"JSON_LOG_HOST", "logs"}, {"JSON_LOG_PORT", "99"}});
  EXPECT_THAT(loaded.mistakes, IsEmpty());
  ASSERT_THAT(loaded.log.collectors, SizeIs(1));
  EXPECT_EQ(loaded.log.collectors[0].host, "logs");
  EXPECT_EQ(loaded.log.collectors[0].port, 99);
}

TEST(LogConfig, ASectionWithoutAHostIsAMistake) {
  const Loaded loaded = read("[json_tcp_log_elk]\nport = 5000\n");
  ASSERT_THAT(loaded.mistakes, SizeIs(1));
  EXPECT_THAT(loaded.mistakes[0], HasSubstr("host"));
}

}  // namespace
}  // namespace mmm::log
