#include "agent/radio/ble/bluez_objects.h"

#include "core/base/ascii.h"
#include "core/base/encoding.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace mmm::agent::ble {
namespace {

constexpr std::size_t kAddressDigits = 12;

const Properties* interface_of(const std::map<std::string, Properties>& interfaces, const char* name) {
  const auto found = interfaces.find(name);
  return found == interfaces.end() ? nullptr : &found->second;
}

std::string text(const Properties& properties, const std::string& name) {
  // Names come from whoever advertises.
  return sanitize_utf8(property<std::string>(properties, name).value_or(""));
}

// The digits of an address; empty when it is none.
std::string address_digits(std::string_view text) {
  std::string digits;
  for (const char byte : text) {
    if (byte == ':' || byte == '-') continue;
    const char lower = ascii_lower(byte);
    const bool hex = (lower >= '0' && lower <= '9') || (lower >= 'a' && lower <= 'f');
    if (!hex || digits.size() == kAddressDigits) return {};
    digits += lower;
  }
  return digits.size() == kAddressDigits ? digits : std::string();
}

bool has_service(const Properties& properties) {
  const auto uuids = property<std::vector<std::string>>(properties, "UUIDs");
  return uuids && std::ranges::any_of(*uuids, [](const auto& uuid) { return ascii_lower(uuid) == kServiceUuid; });
}

}  // namespace

std::string Device::describe() const {
  const auto& shown = name.empty() ? alias : name;
  return shown.empty() ? address : fmt::format("{} ({})", shown, address);
}

Result<Adapter> choose_adapter(const Objects& objects) {
  bool any = false;
  for (const auto& [path, all] : objects) {
    const auto* adapter = interface_of(all, interfaces::kAdapter);
    if (adapter == nullptr) continue;
    any = true;
    if (property<bool>(*adapter, "Powered").value_or(false)) return Adapter{.path = path, .powered = true};
  }
  if (!any) return fail(ErrorKind::kUnavailable, "this machine has no Bluetooth adapter: plug one in");
  return fail(ErrorKind::kUnavailable,
              "Bluetooth is switched off: switch it on with `bluetoothctl power on` (and `rfkill unblock bluetooth`)");
}

std::vector<Device> list_devices(const Objects& objects, const std::string& adapter) {
  std::vector<Device> devices;
  for (const auto& [path, all] : objects) {
    const auto* device = interface_of(all, interfaces::kDevice);
    if (device == nullptr) continue;
    const auto of = property<sdbus::ObjectPath>(*device, "Adapter");
    if (!of || *of != adapter) continue;
    devices.push_back(Device{.path = path,
                             .adapter = adapter,
                             .address = text(*device, "Address"),
                             .name = text(*device, "Name"),
                             .alias = text(*device, "Alias"),
                             .paired = property<bool>(*device, "Paired").value_or(false),
                             .connected = property<bool>(*device, "Connected").value_or(false),
                             .services_resolved = property<bool>(*device, "ServicesResolved").value_or(false),
                             .is_meshtastic = has_service(*device)});
  }
  return devices;
}

bool is_wanted(const Device& device, std::string_view wanted) {
  const auto digits = address_digits(wanted);
  if (!digits.empty() && digits == address_digits(device.address)) return true;
  const auto name = ascii_lower(wanted);
  return name == ascii_lower(device.name) || name == ascii_lower(device.alias);
}

Result<std::optional<Device>> choose_device(std::span<const Device> devices, std::string_view wanted) {
  std::vector<Device> found;
  std::ranges::copy_if(devices, std::back_inserter(found), [&](const Device& device) {
    return wanted.empty() ? device.is_meshtastic : is_wanted(device, wanted);
  });
  if (found.empty()) return std::optional<Device>();
  if (found.size() == 1) return std::optional(std::move(found.front()));
  std::vector<std::string> texts;
  for (const auto& device : found) texts.push_back(device.describe());
  return fail(ErrorKind::kInvalidArgument,
              "{} Bluetooth devices can be the radio: {}; set [meshtastic] ble_address to the address of one of them",
              found.size(), fmt::join(texts, ", "));
}

Result<Characteristics> find_characteristics(const Objects& objects, const std::string& device) {
  Characteristics found;
  const std::string below = device + "/";
  for (const auto& [path, all] : objects) {
    const auto* characteristic = interface_of(all, interfaces::kCharacteristic);
    if (characteristic == nullptr || !path.starts_with(below)) continue;
    const auto uuid = ascii_lower(property<std::string>(*characteristic, "UUID").value_or(""));
    if (uuid == kToRadioUuid) found.to_radio = path;
    if (uuid == kFromRadioUuid) found.from_radio = path;
    if (uuid == kFromNumUuid) found.from_num = path;
  }
  if (found.to_radio.empty() || found.from_radio.empty() || found.from_num.empty()) {
    return fail(ErrorKind::kUnsupported,
                "the device is no Meshtastic radio: it has no Meshtastic service; is [meshtastic] ble_address right?");
  }
  return found;
}

}  // namespace mmm::agent::ble
