#include "ingest/project/metrics_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mmm::ingest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array<std::int64_t, index::kCounters> kNothing{};

TEST(MeshPacketsMetricTest, ArePortChannelAndRegionByName) {
  metrics::Registry registry;
  ProjectionProbe probe(registry);
  probe.committed(kNothing, MeshPackets{{{1, "LongFast", 3U}, 5},
                                        {{index::kPortNotDecoded, "unknown", std::nullopt}, 2},
                                        {{index::kPortOther, "LongFast", 3U}, 1}});
  probe.committed(kNothing, MeshPackets{{{1, "LongFast", 3U}, 2}});
  const std::string text = registry.text();
  EXPECT_THAT(
      text,
      HasSubstr("mmm_server_mesh_packets_total{channel=\"LongFast\",port=\"TEXT_MESSAGE_APP\",region=\"EU_868\"} 7\n"));
  EXPECT_THAT(
      text,
      HasSubstr("mmm_server_mesh_packets_total{channel=\"unknown\",port=\"NOT_DECODED\",region=\"unknown\"} 2\n"));
  EXPECT_THAT(text,
              HasSubstr("mmm_server_mesh_packets_total{channel=\"LongFast\",port=\"OTHER\",region=\"EU_868\"} 1\n"));
}

TEST(MeshPacketsMetricTest, NamesOfChannelsCannotMakeSeriesWithoutEnd) {
  metrics::Registry registry;
  ProjectionProbe probe(registry);
  for (int i = 0; i < 3000; ++i) probe.committed(kNothing, MeshPackets{{{1, "c" + std::to_string(i), 3U}, 1}});
  const std::string text = registry.text();
  EXPECT_THAT(text, HasSubstr("{channel=\"other\",port=\"other\",region=\"other\"} 2500\n"));
  EXPECT_THAT(text, HasSubstr("channel=\"c499\""));
  EXPECT_THAT(text, Not(HasSubstr("channel=\"c500\"")));
}

}  // namespace
}  // namespace mmm::ingest
