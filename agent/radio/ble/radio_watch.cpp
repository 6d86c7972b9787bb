#include "agent/radio/ble/radio_watch.h"

#include <utility>

namespace mmm::agent::ble {
namespace {

constexpr const char* kPropertiesMatch =
    "type='signal',sender='org.bluez',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged'";
constexpr const char* kRemovedMatch =
    "type='signal',sender='org.bluez',interface='org.freedesktop.DBus.ObjectManager',member='InterfacesRemoved'";
// Sent when BlueZ ends or another process takes its place.
constexpr const char* kOwnerMatch =
    "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged',"
    "arg0='org.bluez'";

// Runs on the bus's turn, from where no exception may come: a signal of another form is passed over.
template <class Read>
void guarded(Read read) {
  try {
    read();
  } catch (const sdbus::Error&) {
    return;
  }
}

}  // namespace

Result<> RadioWatch::start(Bus& bus) {
  *this = RadioWatch();
  try {
    add_matches(bus.connection());
  } catch (const sdbus::Error& error) {
    return fail(ErrorKind::kUnavailable, "D-Bus does not pass on what BlueZ says: {}", error.getMessage());
  }
  return {};
}

void RadioWatch::add_matches(sdbus::IConnection& connection) {
  connection.addMatch(
      kPropertiesMatch, [this](sdbus::Message& message) { guarded([&] { properties_changed(message); }); },
      sdbus::floating_slot);
  connection.addMatch(
      kRemovedMatch, [this](sdbus::Message& message) { guarded([&] { interfaces_removed(message); }); },
      sdbus::floating_slot);
  // An owner that comes where there was none has been started by our own first call.
  connection.addMatch(
      kOwnerMatch,
      [this](sdbus::Message& message) {
        guarded([&] {
          std::string name;
          std::string before;
          message >> name >> before;
          if (!before.empty()) bluez_gone_ = true;
        });
      },
      sdbus::floating_slot);
}

void RadioWatch::follow(const Device& device) {
  device_ = device.path;
  characteristic_.clear();
  connected_ = device.connected;
  services_resolved_ = device.services_resolved;
  lost_ = false;
  notified_ = false;
}

void RadioWatch::follow_notifications(std::string characteristic) {
  characteristic_ = std::move(characteristic);
}

bool RadioWatch::take_notification() {
  return std::exchange(notified_, false);
}

void RadioWatch::properties_changed(sdbus::Message& message) {
  const auto path = message.getPath();
  const bool of_device = path == device_;
  if (!of_device && (path != characteristic_ || characteristic_.empty())) return;
  std::string interface;
  Properties changed;
  message >> interface >> changed;
  if (of_device && interface == interfaces::kDevice) {
    device_changed(changed);
  } else if (!of_device && interface == interfaces::kCharacteristic && changed.contains("Value")) {
    notified_ = true;
  }
}

void RadioWatch::device_changed(const Properties& changed) {
  if (const auto connected = property<bool>(changed, "Connected")) {
    if (connected_ && !*connected) lost_ = true;
    connected_ = *connected;
  }
  if (const auto resolved = property<bool>(changed, "ServicesResolved")) services_resolved_ = *resolved;
}

void RadioWatch::interfaces_removed(sdbus::Message& message) {
  sdbus::ObjectPath path;
  message >> path;
  if (path == device_) lost_ = true;
}

}  // namespace mmm::agent::ble
