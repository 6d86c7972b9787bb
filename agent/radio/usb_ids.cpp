#include "agent/radio/usb_ids.h"

#include <algorithm>
#include <array>
#include <optional>

namespace mmm::agent {
namespace {

struct KnownIds {
  std::uint16_t vendor;
  std::optional<std::uint16_t> product;  // none: all of the vendor's
  UsbLikelihood likelihood;
  std::string_view name;
};

// From the firmware's board files and the tables of Meshtastic's Python client. The first line that fits counts.
constexpr std::array kKnown = {
    KnownIds{0x239a, std::nullopt, UsbLikelihood::kRadio, "nRF52840 board (RAK4631, T-Echo, Heltec T114 and others)"},
    KnownIds{0x303a, std::nullopt, UsbLikelihood::kRadio, "ESP32-S3 or C3 board (Heltec V4, T-Deck, T-Beam S3 ...)"},
    KnownIds{0x2886, 0x0057, UsbLikelihood::kRadio, "Seeed board"},
    KnownIds{0x2886, 0x0059, UsbLikelihood::kRadio, "Seeed board"},
    KnownIds{0x2886, 0x0166, UsbLikelihood::kRadio, "Seeed board"},
    KnownIds{0x2886, 0x1667, UsbLikelihood::kRadio, "Seeed board"},
    KnownIds{0x2886, 0x1668, UsbLikelihood::kRadio, "Seeed board"},
    KnownIds{0x16d0, 0x1178, UsbLikelihood::kRadio, "unPhone"},
    KnownIds{0x10c4, 0xea60, UsbLikelihood::kBridge, "CP210x converter (Heltec V1 to V3, T-Lora ...)"},
    KnownIds{0x1a86, 0x55d4, UsbLikelihood::kBridge, "CH9102 converter (T-Beam, T-Lora, Nano G1 ...)"},
    KnownIds{0x1a86, 0x7523, UsbLikelihood::kBridge, "CH340 converter (RAK11200, SenseCAP Indicator ...)"},
    KnownIds{0x2e8a, std::nullopt, UsbLikelihood::kBridge, "Raspberry Pi RP2040 or RP2350 board"},
    KnownIds{0x1366, std::nullopt, UsbLikelihood::kNever, "SEGGER debug probe"},
    KnownIds{0x0483, std::nullopt, UsbLikelihood::kNever, "ST-LINK debug probe"},
    KnownIds{0x1915, std::nullopt, UsbLikelihood::kNever, "Nordic power profiler"},
    KnownIds{0x0925, std::nullopt, UsbLikelihood::kNever, "Saleae logic analyser"},
    KnownIds{0x04b4, std::nullopt, UsbLikelihood::kNever, "Hantek instrument"},
};

const KnownIds* find(std::uint16_t vendor, std::uint16_t product) {
  const auto* found = std::ranges::find_if(kKnown, [&](const KnownIds& known) {
    return known.vendor == vendor && known.product.value_or(product) == product;
  });
  return found == kKnown.end() ? nullptr : found;
}

}  // namespace

UsbLikelihood judge_usb_ids(std::uint16_t vendor, std::uint16_t product) {
  const auto* known = find(vendor, product);
  return known == nullptr ? UsbLikelihood::kPossible : known->likelihood;
}

std::string_view describe_usb_ids(std::uint16_t vendor, std::uint16_t product) {
  const auto* known = find(vendor, product);
  return known == nullptr ? std::string_view() : known->name;
}

}  // namespace mmm::agent
