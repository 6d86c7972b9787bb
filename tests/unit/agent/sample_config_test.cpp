#include "agent/sample_config.h"

#include "agent/config.h"
#include "tests/support/documented_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mmm::agent {
namespace {

using ::testing::IsEmpty;

Config read(const std::string& text, std::vector<std::string>& mistakes) {
  config::ConfigReader reader(config::parse_ini(text, "sample.ini", mistakes), {},
                              [](const std::string&) { return std::nullopt; });
  return read_config(reader, mistakes);
}

TEST(SampleConfig, IsGoodAsItIs) {
  std::vector<std::string> mistakes;
  const Config config = read(std::string(kSampleConfig), mistakes);
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(config.id, "my-site");
  EXPECT_EQ(config.servers.size(), 1U);
  EXPECT_FALSE(config.active.traceroutes);
  EXPECT_THAT(config.remarks, IsEmpty());
}

TEST(SampleConfig, HasEveryDocumentedKey) {
  EXPECT_THAT(test::documented_keys_missing_in(kSampleConfig, "## mmm-agent", "## mmm-server"), IsEmpty());
}

}  // namespace
}  // namespace mmm::agent
