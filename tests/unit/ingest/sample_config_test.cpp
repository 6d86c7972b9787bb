#include "ingest/sample_config.h"

#include "ingest/config.h"
#include "tests/support/documented_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mmm::ingest {
namespace {

using ::testing::IsEmpty;

TEST(SampleServerConfig, IsGoodAsItIs) {
  std::vector<std::string> mistakes;
  config::IniFile file = config::parse_ini(kSampleConfig, "sample.ini", mistakes);
  const LoadedConfig loaded = read_server_config(
      config::ConfigReader(std::move(file), std::move(mistakes), [](const std::string&) { return std::nullopt; }));
  EXPECT_THAT(loaded.mistakes, IsEmpty());
  EXPECT_EQ(loaded.config.port, 8082);
  EXPECT_FALSE(loaded.config.privacy.kept_back.is_active());
}

TEST(SampleServerConfig, HasEveryDocumentedKey) {
  EXPECT_THAT(test::documented_keys_missing_in(kSampleConfig, "## mmm-server", "## end"), IsEmpty());
}

}  // namespace
}  // namespace mmm::ingest
