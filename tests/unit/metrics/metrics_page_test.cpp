#include "metrics/page/metrics_page.h"

#include "metrics/catalog_agent.h"
#include "metrics/catalog_common.h"
#include "metrics/catalog_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace mmm::metrics {
namespace {

using ::testing::EndsWith;
using ::testing::MatchesRegex;

TEST(MetricsPage, IsWhatTheCatalogsSay) {
  std::ifstream file(MMM_SOURCE_DIR "/docs/metrics.md");
  std::stringstream written;
  written << file.rdbuf();
  EXPECT_EQ(written.str(), metrics_page()) << "write it anew: cmake --build --preset dev --target metrics_page";
}

TEST(MetricsPage, EveryMetricIsNamedAndExplainedAsPrometheusWantsIt) {
  EXPECT_GT(Definition::all().size(), 90U);
  std::set<std::string> names;
  for (const Definition* metric : Definition::all()) {
    const std::string name = metric->name;
    EXPECT_TRUE(names.insert(name).second) << name << " is there twice";
    EXPECT_THAT(name, MatchesRegex("(mmm|process)_[a-z0-9_]+"));
    EXPECT_EQ(metric->type == Type::kCounter, name.ends_with("_total")) << name;
    EXPECT_EQ(metric->type == Type::kHistogram, !metric->buckets.empty()) << name;
    EXPECT_TRUE(std::ranges::is_sorted(metric->buckets)) << name;
    const std::string help = metric->help;
    EXPECT_GT(help.size(), 15U) << name;
    EXPECT_THAT(help, EndsWith(".")) << name;
    EXPECT_EQ(help.find_first_of("|\n"), std::string::npos) << name << ": it would break the page's table";
    for (const std::string label : metric->labels) {
      EXPECT_THAT(label, MatchesRegex("[a-z_]+")) << name;
      EXPECT_NE(label, "le") << name;
    }
  }
}

}  // namespace
}  // namespace mmm::metrics
