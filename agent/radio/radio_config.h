#pragma once

#include "core/config/config_reader.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mmm::agent {

// How to reach one radio: what its section of the configuration says.
struct RadioConfig {
  enum class Kind : std::uint8_t { kSerial, kTcp, kBle };

  std::string section;  // of the configuration file: names the radio in metrics
  Kind kind = Kind::kSerial;
  std::string device;  // serial; empty: looked for at each opening
  std::string host;    // TCP
  std::uint16_t port = 0;
  std::string ble_address;  // BLE: an address or a name; empty: the one Meshtastic radio in reach
  std::string ble_pin;      // BLE: six digits, or empty. A secret: it stands in no log
  bool set_time = false;    // tells the radio the time when its clock is wrong
  std::filesystem::path buffer_path;
  // Why this kind of line was chosen, in words for the log.
  std::string choice;
};

// Reads the radios of a configuration: [meshtastic], the keys of the Python version and our own, and [meshtastic_2] or
// any other [meshtastic_NAME] beside it; without any of them, what the environment says of [meshtastic]. The first has
// its buffer at `buffer_path` and the others theirs beside it, each under the section's name. What is wrong goes to the
// reader's mistakes; so does what would let two of them reach for one radio.
std::vector<RadioConfig> read_radios(config::ConfigReader& reader, const std::filesystem::path& buffer_path);

}  // namespace mmm::agent
