#include "core/config/units.h"

#include "core/config/nearest_name.h"

#include <gtest/gtest.h>

namespace mmm::config {
namespace {

using namespace std::chrono_literals;

TEST(Duration, UnderstandsUnitsAndRefusesTheRest) {
  EXPECT_EQ(parse_duration("30"), 30s);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("1.5 h"), 90min);
  EXPECT_EQ(parse_duration("7d"), 168h);
  for (const char* text : {"", "s", "-1", "5 weeks", "1e300", "nan", "99999999d"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(ByteSize, UnderstandsUnitsAndRefusesTheRest) {
  EXPECT_EQ(parse_byte_size("1048576"), 1U << 20U);
  EXPECT_EQ(parse_byte_size("64M"), 64U << 20U);
  EXPECT_EQ(parse_byte_size("2 GiB"), std::uint64_t{2} << 30U);
  EXPECT_EQ(parse_byte_size("512kb"), 512U << 10U);
  for (const char* text : {"", "M", "-5", "5X", "99999999T"}) EXPECT_FALSE(parse_byte_size(text)) << text;
}

TEST(Descriptions, UseTheLargestUnitThatFits) {
  EXPECT_EQ(describe_byte_size(64U << 20U), "64 MiB");
  EXPECT_EQ(describe_byte_size(1000), "1000 bytes");
  EXPECT_EQ(describe_duration(90s), "90 s");
  EXPECT_EQ(describe_duration(120s), "2 min");
}

TEST(NearestName, FindsTheSlipAndNothingFarOff) {
  const std::vector<std::string> names{"report_interval", "url", "api_key"};
  EXPECT_EQ(nearest_name("report_intervall", names), "report_interval");
  EXPECT_EQ(nearest_name("apikey", names), "api_key");
  EXPECT_EQ(nearest_name("temperature", names), "");
}

}  // namespace
}  // namespace mmm::config
