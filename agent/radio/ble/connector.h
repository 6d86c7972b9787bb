#pragma once

#include "agent/radio/ble/ble_options.h"
#include "agent/radio/ble/bluez_objects.h"
#include "agent/radio/ble/bus.h"
#include "agent/radio/ble/pairing_agent.h"
#include "agent/radio/ble/radio_watch.h"
#include "core/async/time_source.h"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace mmm::agent::ble {

struct ConnectedRadio {
  Device device;
  Characteristics characteristics;
};

// The way to a radio through BlueZ: find it, connect, pair when it is needed, find its characteristics, subscribe.
//
// A radio that was reset has forgotten the pairing that this machine remembers. Where that shows and a PIN is
// configured, the memory is removed and the pairing made anew, once in each connect().
// Concurrency: the bus's. The references must outlive it.
class Connector {
 public:
  Connector(Bus& bus, RadioWatch& watch, TimeSource& time, const BleOptions& options);

  // On an open bus. The errors say in words what to do.
  boost::asio::awaitable<Result<ConnectedRadio>> connect();

  // Call before the bus is closed.
  void forget_bus() { agent_.reset(); }
  // A radio that let us connect has refused to be read: the next connect() pairs anew.
  void suspect_bond() { suspect_bond_ = true; }

 private:
  using Step = boost::asio::awaitable<Result<>>;
  Step register_agent();
  boost::asio::awaitable<Result<Objects>> managed_objects();
  boost::asio::awaitable<Result<Device>> find_device(std::string adapter);
  boost::asio::awaitable<Result<Device>> discover(std::string adapter);
  boost::asio::awaitable<Result<Device>> look_for(std::string adapter);
  boost::asio::awaitable<Result<ConnectedRadio>> establish(Device device);
  Step connect_device(Device device);
  Step pair(Device device);
  Step wait_resolved(Device device);
  Step subscribe(Device device, std::string characteristic);
  Step remove(Device device);
  [[nodiscard]] bool can_pair_anew(const Device& device) const { return device.paired && !options_.pin.empty(); }
  [[nodiscard]] Error refused(const Device& device) const;

  Bus& bus_;
  RadioWatch& watch_;
  TimeSource& time_;
  const BleOptions& options_;
  std::unique_ptr<PairingAgent> agent_;
  bool suspect_bond_ = false;
  int early_ends_ = 0;  // connections in a row that a radio, paired as this machine sees it, ended at once
};

}  // namespace mmm::agent::ble
