#include "core/base/time.h"

#include <gtest/gtest.h>

namespace mmm {
namespace {

TEST(Iso8601, ReadsWhatItWrote) {
  const auto time = from_micros(1'764'000'000'123'456);
  EXPECT_EQ(parse_iso8601(to_iso8601(time)), time);
  EXPECT_EQ(to_iso8601(from_micros(0)), "1970-01-01T00:00:00Z");
}

TEST(Iso8601, UnderstandsZonesAndFractions) {
  const auto noon = parse_iso8601("2026-11-24T12:00:00Z");
  ASSERT_TRUE(noon);
  EXPECT_EQ(parse_iso8601("2026-11-24T17:00:00+05:00"), noon);
  EXPECT_EQ(parse_iso8601("2026-11-24T06:30:00-0530"), noon);
  EXPECT_EQ(parse_iso8601("2026-11-24 12:00:00"), noon);
  EXPECT_EQ(parse_iso8601("2026-11-24T12:00:00.5"), *noon + std::chrono::milliseconds{500});
}

TEST(Iso8601, RefusesWhatIsNoTime) {
  for (const char* text : {"", "2026", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-24T24:00:00Z",
                           "2026-11-24T12:00:00Zx", "2026-11-24T12:00:00.Z", "1969-12-31T23:59:59Z"}) {
    EXPECT_FALSE(parse_iso8601(text)) << text;
  }
}

}  // namespace
}  // namespace mmm
