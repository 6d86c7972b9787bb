#pragma once

#include "core/base/result.h"

#include <sdbus-c++/Types.h>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What BlueZ shows of itself on D-Bus (doc/*-api.txt of BlueZ), read into plain values. Pure.
namespace mmm::agent::ble {

namespace interfaces {
inline constexpr const char* kAdapter = "org.bluez.Adapter1";
inline constexpr const char* kAgent = "org.bluez.Agent1";
inline constexpr const char* kAgentManager = "org.bluez.AgentManager1";
inline constexpr const char* kCharacteristic = "org.bluez.GattCharacteristic1";
inline constexpr const char* kDevice = "org.bluez.Device1";
inline constexpr const char* kObjectManager = "org.freedesktop.DBus.ObjectManager";
inline constexpr const char* kProperties = "org.freedesktop.DBus.Properties";
}  // namespace interfaces

// Of the firmware.
inline constexpr const char* kServiceUuid = "6ba1b218-15a8-461f-9fa8-5dcae273eafd";
inline constexpr const char* kToRadioUuid = "f75c76d2-129e-4dad-a1dd-7866124401e7";
inline constexpr const char* kFromRadioUuid = "2c55e69e-4993-11ed-b878-0242ac120002";
inline constexpr const char* kFromNumUuid = "ed9da18c-a800-4f66-a670-aa7547e34453";

using Properties = std::map<std::string, sdbus::Variant>;
// What GetManagedObjects answers: by path, by interface.
using Objects = std::map<sdbus::ObjectPath, std::map<std::string, Properties>>;

struct Adapter {
  std::string path;
  bool powered = false;
};

struct Device {
  std::string path;
  std::string adapter;  // its path
  std::string address;  // "AA:BB:CC:DD:EE:FF"
  std::string name;     // as advertised; empty when unknown
  std::string alias;    // the name, or one that was given on this machine
  bool paired = false;
  bool connected = false;
  bool services_resolved = false;
  bool is_meshtastic = false;  // it advertises the service, or is known to have it

  // "Hill_ab12 (AA:BB:CC:DD:EE:FF)"
  [[nodiscard]] std::string describe() const;
};

struct Characteristics {
  std::string to_radio;  // paths
  std::string from_radio;
  std::string from_num;
};

// The adapter to use: the first that is powered. kUnavailable, in words: there is none, or none is powered.
Result<Adapter> choose_adapter(const Objects& objects);

std::vector<Device> list_devices(const Objects& objects, const std::string& adapter);

// `wanted`: an address in any case and with or without its separators, or a name.
bool is_wanted(const Device& device, std::string_view wanted);

// The wanted device; with an empty `wanted` the one Meshtastic radio. Nothing: it is not among them.
// kInvalidArgument, in words: several are.
Result<std::optional<Device>> choose_device(std::span<const Device> devices, std::string_view wanted);

// Of a device whose services are resolved. kUnsupported: it has no such characteristics.
Result<Characteristics> find_characteristics(const Objects& objects, const std::string& device);

// A property of a type; nothing when it is not there or of another type.
template <class Value>
std::optional<Value> property(const Properties& properties, const std::string& name) {
  const auto found = properties.find(name);
  if (found == properties.end() || !found->second.containsValueOfType<Value>()) return std::nullopt;
  return found->second.get<Value>();
}

}  // namespace mmm::agent::ble
