#pragma once

#include <cstdint>
#include <string_view>

namespace mmm::agent {

// How likely a USB serial device is a Meshtastic radio, judged by its vendor and product.
enum class UsbLikelihood : std::uint8_t {
  kNever,     // a vendor of debug probes and instruments
  kPossible,  // unknown
  kBridge,    // a serial converter or a plain microcontroller that many radios use, and other devices too
  kRadio,     // a board that is made for, or mostly used with, Meshtastic
};

UsbLikelihood judge_usb_ids(std::uint16_t vendor, std::uint16_t product);

// What stands behind the ids, for messages: "RAK4631 or another nRF52840 board"; empty when unknown.
std::string_view describe_usb_ids(std::uint16_t vendor, std::uint16_t product);

}  // namespace mmm::agent
