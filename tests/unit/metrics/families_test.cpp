#include "metrics/families.h"

#include <gtest/gtest.h>

namespace mmm::metrics {
namespace {

const GaugeDefinition kTemperature{"mmm_test_temperature", {"room"}, "How warm it is."};
const CounterDefinition kDoors{"mmm_test_doors_total", {}, "Doors that were opened."};

TEST(FamiliesTest, SeriesOfOneDefinitionAreOneFamily) {
  Families families;
  families.add(kTemperature, 20, {{"room", "hall"}});
  families.add(kTemperature, 19, {{"room", "attic"}});
  families.add(kDoors, 3);
  const auto taken = families.take();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].name, "mmm_test_temperature");
  EXPECT_EQ(taken[0].type, prometheus::MetricType::Gauge);
  ASSERT_EQ(taken[0].metric.size(), 2U);
  EXPECT_EQ(taken[0].metric[1].label.at(0).value, "attic");
  EXPECT_EQ(taken[0].metric[1].gauge.value, 19);
  EXPECT_EQ(taken[1].type, prometheus::MetricType::Counter);
  EXPECT_EQ(taken[1].metric.at(0).counter.value, 3);
}

TEST(FamiliesDeathTest, OtherLabelsThanTheDefinitionsAreABug) {
  Families families;
  EXPECT_DEATH(families.add(kTemperature, 20), "mmm_test_temperature is used with other labels");
  EXPECT_DEATH(families.add(kTemperature, 20, {{"place", "hall"}}), "other labels");
  Registry registry;
  EXPECT_DEATH(registry.counter(kDoors, {{"door", "front"}}), "mmm_test_doors_total is used with other labels");
}

}  // namespace
}  // namespace mmm::metrics
