#pragma once

#include "agent/radio/ble/bluez_objects.h"
#include "agent/radio/ble/bus.h"

#include <string>

namespace mmm::agent::ble {

// What BlueZ says by signals about one radio, as it stands after the last turn of the bus.
//
// Lives longer than the bus's connection, to which its callbacks belong.
class RadioWatch {
 public:
  // Before the first call, so that nothing is missed. Once for a connection of the bus. kUnavailable: it is gone.
  Result<> start(Bus& bus);

  // From now on this device counts; what was seen of another one is forgotten.
  void follow(const Device& device);
  // Whose notifications count.
  void follow_notifications(std::string characteristic);

  // The path of the device that counts; empty before follow().
  [[nodiscard]] const std::string& device() const { return device_; }
  [[nodiscard]] bool bluez_gone() const { return bluez_gone_; }
  [[nodiscard]] bool services_resolved() const { return services_resolved_; }
  // A connection that there was has ended, or the device was removed.
  [[nodiscard]] bool lost() const { return lost_ || bluez_gone_; }
  // True once for each notification or row of them.
  bool take_notification();
  [[nodiscard]] bool has_notification() const { return notified_; }

 private:
  void add_matches(sdbus::IConnection& connection);
  void properties_changed(sdbus::Message& message);
  void interfaces_removed(sdbus::Message& message);
  void device_changed(const Properties& changed);

  std::string device_;
  std::string characteristic_;
  bool connected_ = false;
  bool services_resolved_ = false;
  bool lost_ = false;
  bool bluez_gone_ = false;
  bool notified_ = false;
};

}  // namespace mmm::agent::ble
