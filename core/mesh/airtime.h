#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace mmm::mesh {

// Bytes on the air beside the (encrypted) Data message: addresses, id, flags, channel hash, next hop and relay.
inline constexpr std::size_t kAirHeaderBytes = 16;

// How a radio modulates: what a modem preset stands for.
struct LoraModulation {
  std::uint32_t bandwidth_hz = 0;
  std::uint32_t spreading_factor = 0;  // 7 to 12
  std::uint32_t coding_rate = 0;       // denominator of 4/n: 5 to 8
};

// The modulation of Config.LoRaConfig.ModemPreset below 1 GHz; empty for a number that no firmware has.
std::optional<LoraModulation> modulation_of(std::uint32_t modem_preset);

// Microseconds that a frame of `bytes` (header included) occupies the channel: Semtech's formula for LoRa with explicit
// header, CRC, Meshtastic's preamble of 16 symbols, and low data rate optimization from symbols of 16 ms on.
std::int64_t time_on_air_us(const LoraModulation& modulation, std::size_t bytes);

}  // namespace mmm::mesh
