#pragma once

#include "agent/radio/serial_devices.h"
#include "core/base/result.h"

#include <optional>
#include <span>
#include <string>

namespace mmm::agent {

struct SerialChoice {
  SerialDevice device;
  std::string words;  // what was tried and why this one was chosen, for the log
};

// Chooses the one device that can be the radio: among the boards that are used with Meshtastic, else among the serial
// converters, else among the rest, debug probes excepted. `before`: the device that was opened last time, which is
// taken before others of its kind, wherever it is by now. Pure.
// kUnavailable, in words: there is none, or there are several and which one is not clear.
Result<SerialChoice> choose_serial_device(std::span<const SerialDevice> devices,
                                          const std::optional<UsbIdentity>& before);

// The device that has these ids, under whatever name: a board that comes back may get another one. Nothing when it is
// not there, or several look the same.
std::optional<SerialDevice> find_again(std::span<const SerialDevice> devices, const UsbIdentity& before);

}  // namespace mmm::agent
