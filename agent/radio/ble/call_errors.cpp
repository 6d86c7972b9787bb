#include "agent/radio/ble/call_errors.h"

#include "core/base/ascii.h"
#include "core/base/encoding.h"

#include <algorithm>
#include <array>

namespace mmm::agent::ble {
namespace {

constexpr std::array kNoBlueZ = {"org.freedesktop.DBus.Error.ServiceUnknown",
                                 "org.freedesktop.DBus.Error.NameHasNoOwner",
                                 "org.freedesktop.DBus.Error.Spawn.ExecFailed",
                                 "org.freedesktop.DBus.Error.Spawn.ChildExited", "org.freedesktop.systemd1.NoSuchUnit"};
// ATT's codes of missing authentication, encryption key size and encryption, in BlueZ's words: it has the same name of
// error for what no pairing would permit.
constexpr std::array kNotPaired = {"not paired", "att error: 0x05", "att error: 0x0c", "att error: 0x0f"};
constexpr std::array kRefusals = {"org.bluez.Error.AuthenticationFailed", "org.bluez.Error.AuthenticationCanceled",
                                  "org.bluez.Error.AuthenticationRejected", "org.bluez.Error.AuthenticationTimeout"};

template <std::size_t Size>
bool is_one_of(const std::string& name, const std::array<const char*, Size>& names) {
  return std::ranges::find(names, name) != names.end();
}

std::string_view advice(const CallError& error) {
  if (is_one_of(error.name, kNoBlueZ)) {
    return "BlueZ, the Bluetooth service of this machine, does not run: install the package bluez and start it with "
           "`systemctl start bluetooth`";
  }
  if (error.name == "org.freedesktop.DBus.Error.AccessDenied") {
    return "this user may not use Bluetooth: add it to the group bluetooth";
  }
  if (error.name == "org.bluez.Error.NotReady") {
    return "Bluetooth is switched off: switch it on with `bluetoothctl power on`";
  }
  return {};
}

}  // namespace

Error explain(const CallError& error, std::string_view tried) {
  const auto words = advice(error);
  if (!words.empty()) return Error{ErrorKind::kUnavailable, std::string(words)};
  // The text may hold what a device sent.
  const auto text = sanitize_utf8(error.message.empty() ? error.name : error.message);
  const auto kind = error.name == kNoReply ? ErrorKind::kTimeout : ErrorKind::kUnavailable;
  return Error{kind, fmt::format("{}: {}", tried, text)};
}

bool is_about_authentication(const CallError& error) {
  if (error.name == "org.bluez.Error.NotAuthorized" || is_pairing_refusal(error)) return true;
  const auto text = ascii_lower(error.message);
  return std::ranges::any_of(kNotPaired, [&](const char* words) { return text.contains(words); });
}

bool is_pairing_refusal(const CallError& error) {
  return is_one_of(error.name, kRefusals);
}

bool is_done_already(const CallError& error) {
  return error.name == "org.bluez.Error.AlreadyConnected" || error.name == "org.bluez.Error.AlreadyExists";
}

}  // namespace mmm::agent::ble
