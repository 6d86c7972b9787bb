#include "agent/radio/serial_discovery.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace mmm::agent {
namespace {

std::string_view words_for(UsbLikelihood likelihood) {
  switch (likelihood) {
    case UsbLikelihood::kRadio:
      return "the only board of a kind that runs Meshtastic";
    case UsbLikelihood::kBridge:
      return "the only serial converter of a kind that radios have";
    case UsbLikelihood::kPossible:
    case UsbLikelihood::kNever:
      break;
  }
  return "the only serial device on USB";
}

std::string list(std::span<const SerialDevice> devices) {
  std::vector<std::string> texts;
  for (const auto& device : devices) texts.push_back(device.describe());
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::vector<SerialDevice> with_likelihood(std::span<const SerialDevice> devices, UsbLikelihood likelihood) {
  std::vector<SerialDevice> chosen;
  std::ranges::copy_if(devices, std::back_inserter(chosen),
                       [&](const SerialDevice& device) { return device.likelihood() == likelihood; });
  return chosen;
}

SerialChoice choice(const SerialDevice& device, std::span<const SerialDevice> all, std::string_view why) {
  std::string words = fmt::format("chose {}: {}", device.describe(), why);
  std::vector<SerialDevice> others;
  std::ranges::copy_if(all, std::back_inserter(others),
                       [&](const SerialDevice& other) { return other.node != device.node; });
  if (!others.empty()) words += "; left aside: " + list(others);
  return SerialChoice{.device = device, .words = std::move(words)};
}

}  // namespace

std::optional<SerialDevice> find_again(std::span<const SerialDevice> devices, const UsbIdentity& before) {
  const auto same = [&](const SerialDevice& device) { return device.usb == before; };
  if (std::ranges::count_if(devices, same) != 1) return std::nullopt;
  return *std::ranges::find_if(devices, same);
}

Result<SerialChoice> choose_serial_device(std::span<const SerialDevice> devices,
                                          const std::optional<UsbIdentity>& before) {
  for (const auto likelihood : {UsbLikelihood::kRadio, UsbLikelihood::kBridge, UsbLikelihood::kPossible}) {
    const auto candidates = with_likelihood(devices, likelihood);
    if (candidates.size() == 1) return choice(candidates.front(), devices, words_for(likelihood));
    const auto again = before ? find_again(candidates, *before) : std::nullopt;
    if (again) return choice(*again, devices, "it was taken for the radio before");
    if (!candidates.empty()) {
      return fail(ErrorKind::kUnavailable,
                  "{} serial devices can be the radio: {}; set [meshtastic] device_path to one of them",
                  candidates.size(), list(candidates));
    }
  }
  if (devices.empty()) {
    return fail(ErrorKind::kUnavailable,
                "no serial device found on USB: plug the radio in, or set [meshtastic] device_path, tcp_host or "
                "ble_address");
  }
  return fail(ErrorKind::kUnavailable,
              "no radio found on USB, only {}: plug the radio in, or set [meshtastic] device_path to that one",
              list(devices));
}

}  // namespace mmm::agent
