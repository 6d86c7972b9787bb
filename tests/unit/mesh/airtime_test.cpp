#include "core/mesh/airtime.h"

#include <gtest/gtest.h>

namespace mmm::mesh {
namespace {

std::int64_t on_air(std::uint32_t preset, std::size_t bytes) {
  return time_on_air_us(modulation_of(preset).value(), bytes);
}

// Figures of Semtech's calculator with 16 symbols of preamble, explicit header and CRC.
TEST(Airtime, IsThatOfTheFormula) {
  EXPECT_EQ(on_air(0, 50), 641'024);    // LongFast: 20.25 + 58 symbols of 8.192 ms
  EXPECT_EQ(on_air(8, 50), 26'432);     // ShortTurbo: 20.25 + 83 of 0.256 ms
  EXPECT_EQ(on_air(7, 50), 2'035'712);  // LongModerate: low data rate, 20.25 + 104 of 16.384 ms
  EXPECT_EQ(on_air(0, 16), 354'304);    // nothing but the header
}

TEST(Airtime, RisesWithTheLength) {
  for (std::uint32_t preset = 0; modulation_of(preset); ++preset) {
    EXPECT_LT(on_air(preset, 20), on_air(preset, 200)) << preset;
    EXPECT_GT(on_air(preset, 0), 0) << preset;
  }
}

TEST(Airtime, APresetThatNobodyHasIsNone) {
  EXPECT_FALSE(modulation_of(17));
  EXPECT_FALSE(modulation_of(0xFFFFFFFF));
}

}  // namespace
}  // namespace mmm::mesh
