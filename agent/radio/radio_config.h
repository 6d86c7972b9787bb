#pragma once

#include "core/config/config_reader.h"

#include <cstdint>
#include <string>

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
  // Why this kind of line was chosen, in words for the log.
  std::string choice;
};

// Reads a section such as [meshtastic], the keys of the Python version and our own. What is wrong goes to the section's
// mistakes.
RadioConfig read_radio(config::SectionReader section);

}  // namespace mmm::agent
