#pragma once

#include "agent/radio/ble/bus.h"

#include <sdbus-c++/IObject.h>

#include <memory>
#include <string>

namespace mmm::agent::ble {

// Answers BlueZ's questions while this program pairs a radio (org.bluez.Agent1): the passkey that a radio shows or has
// set is the configured PIN. Answers only BlueZ, only about that radio, and never tells the PIN to a log.
//
// Lives no longer than the bus's connection.
class PairingAgent {
 public:
  static constexpr const char* kPath = "/org/meshymcmapface/agent";

  // `pin`: six digits, or empty. `bluez`: the unique name of BlueZ on the bus.
  PairingAgent(Bus& bus, std::string pin, std::string bluez);

  // Whose questions are answered from now on: an object path of BlueZ.
  void expect(std::string device);
  // True when a passkey was asked for since expect().
  [[nodiscard]] bool was_asked() const { return asked_; }

 private:
  // Throws the D-Bus error that refuses the question.
  void check(const std::string& device) const;
  std::uint32_t passkey(const std::string& device);
  void serve_questions();

  std::string pin_;
  std::string bluez_;
  std::string device_;
  bool asked_ = false;
  std::unique_ptr<sdbus::IObject> object_;
};

}  // namespace mmm::agent::ble
