#include "agent/radio/ble/pairing_agent.h"

#include "agent/radio/ble/bluez_objects.h"

#include <charconv>
#include <utility>

namespace mmm::agent::ble {
namespace {

constexpr const char* kRejected = "org.bluez.Error.Rejected";

}  // namespace

PairingAgent::PairingAgent(Bus& bus, std::string pin, std::string bluez)
    : pin_(std::move(pin)), bluez_(std::move(bluez)), object_(sdbus::createObject(bus.connection(), kPath)) {
  serve_questions();
  object_->finishRegistration();
}

void PairingAgent::expect(std::string device) {
  device_ = std::move(device);
  asked_ = false;
}

void PairingAgent::check(const std::string& device) const {
  const auto* question = object_->getCurrentlyProcessedMessage();
  if (question == nullptr || question->getSender() != bluez_) throw sdbus::Error(kRejected, "only BlueZ is answered");
  if (device.empty() || device != device_) throw sdbus::Error(kRejected, "this device is not being paired");
}

std::uint32_t PairingAgent::passkey(const std::string& device) {
  check(device);
  asked_ = true;
  std::uint32_t value = 0;
  const auto parsed = std::from_chars(pin_.data(), pin_.data() + pin_.size(), value);
  if (pin_.empty() || parsed.ec != std::errc()) throw sdbus::Error(kRejected, "no PIN is configured");
  return value;
}

void PairingAgent::serve_questions() {
  const auto serve = [this](const std::string& method, auto answer) {
    object_->registerMethod(method).onInterface(interfaces::kAgent).implementedAs(std::move(answer));
  };
  serve("RequestPasskey", [this](const sdbus::ObjectPath& device) { return passkey(device); });
  serve("RequestPinCode", [this](const sdbus::ObjectPath& device) {
    static_cast<void>(passkey(device));
    return pin_;
  });
  // Without a PIN in the radio there is nothing to compare or to type: BlueZ only asks whether it may.
  serve("RequestAuthorization", [this](const sdbus::ObjectPath& device) { check(device); });
  serve("AuthorizeService", [this](const sdbus::ObjectPath& device, const std::string&) { check(device); });
  // Somebody would have to look at the radio and compare.
  serve("RequestConfirmation", [](const sdbus::ObjectPath&, const std::uint32_t&) {
    throw sdbus::Error(kRejected, "nobody is there to compare numbers");
  });
  serve("DisplayPasskey", [](const sdbus::ObjectPath&, const std::uint32_t&, const std::uint16_t&) {});
  serve("DisplayPinCode", [](const sdbus::ObjectPath&, const std::string&) {});
  serve("Cancel", [] {});
  serve("Release", [] {});
}

}  // namespace mmm::agent::ble
