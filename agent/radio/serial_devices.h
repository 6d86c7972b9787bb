#pragma once

#include "agent/radio/usb_ids.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mmm::agent {

struct UsbIdentity {
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  std::string serial;  // of the board; many converters have none
  bool operator==(const UsbIdentity&) const = default;
};

// A serial device of this machine that may lead to a radio.
struct SerialDevice {
  std::string name;   // "ttyUSB0"
  std::string node;   // "/dev/ttyUSB0"
  std::string by_id;  // its lasting name below /dev/serial/by-id; empty without one
  std::optional<UsbIdentity> usb;

  [[nodiscard]] UsbLikelihood likelihood() const;
  // What to open: the lasting name where there is one.
  [[nodiscard]] const std::string& path() const { return by_id.empty() ? node : by_id; }
  // "/dev/serial/by-id/… (ttyUSB0, 10c4:ea60 CP210x converter …)"
  [[nodiscard]] std::string describe() const;
};

// The devices ttyUSB* and ttyACM* in <root>/dev, in the order of their names, with what <root>/sys tells of them. What
// cannot be read is left out: this never fails.
std::vector<SerialDevice> list_serial_devices(const std::filesystem::path& root);

// The one of them to which a path leads, as a name below by-id or a rule of udev does. Null: none of them.
const SerialDevice* device_at(std::span<const SerialDevice> devices, const std::filesystem::path& path);

}  // namespace mmm::agent
