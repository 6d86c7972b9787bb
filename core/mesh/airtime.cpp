#include "core/mesh/airtime.h"

#include <algorithm>
#include <array>

namespace mmm::mesh {
namespace {

// By number of the preset, as the firmware has them (MeshRadio.h).
constexpr std::array<LoraModulation, 17> kPresets{{
    {250'000, 11, 5},  // LONG_FAST
    {125'000, 12, 8},  // LONG_SLOW
    {62'500, 12, 8},   // VERY_LONG_SLOW
    {250'000, 10, 5},  // MEDIUM_SLOW
    {250'000, 9, 5},   // MEDIUM_FAST
    {250'000, 8, 5},   // SHORT_SLOW
    {250'000, 7, 5},   // SHORT_FAST
    {125'000, 11, 8},  // LONG_MODERATE
    {500'000, 7, 5},   // SHORT_TURBO
    {500'000, 11, 8},  // LONG_TURBO
    {125'000, 9, 5},   // LITE_FAST
    {125'000, 10, 5},  // LITE_SLOW
    {62'500, 7, 6},    // NARROW_FAST
    {62'500, 8, 6},    // NARROW_SLOW
    {15'600, 7, 5},    // TINY_FAST
    {15'600, 8, 6},    // TINY_SLOW
    {500'000, 9, 5},   // MEDIUM_TURBO
}};

// Preamble of 16 symbols and the sync word's 4.25, in quarters of a symbol.
constexpr std::int64_t kPreambleQuarters = 16 * 4 + 17;
constexpr std::int64_t kLowRateSymbolUs = 16'000;

}  // namespace

std::optional<LoraModulation> modulation_of(std::uint32_t modem_preset) {
  if (modem_preset >= kPresets.size()) return std::nullopt;
  return kPresets[modem_preset];
}

std::int64_t time_on_air_us(const LoraModulation& modulation, std::size_t bytes) {
  const std::int64_t factor = modulation.spreading_factor;
  const std::int64_t symbol_ns = (std::int64_t{1'000'000'000} << factor) / modulation.bandwidth_hz;
  const bool low_rate = symbol_ns >= kLowRateSymbolUs * 1000;
  // 8 PL - 4 SF + 28 + 16 (CRC), in codewords of 4 (SF - 2 DE) bits.
  const std::int64_t bits = 8 * static_cast<std::int64_t>(bytes) - 4 * factor + 28 + 16;
  const std::int64_t bits_a_block = 4 * (factor - (low_rate ? 2 : 0));
  const std::int64_t blocks = std::max<std::int64_t>((bits + bits_a_block - 1) / bits_a_block, 0);
  const std::int64_t payload_symbols = 8 + blocks * modulation.coding_rate;
  return (kPreambleQuarters + 4 * payload_symbols) * symbol_ns / 4 / 1000;
}

}  // namespace mmm::mesh
