#include "agent/radio/ble/connector.h"

#include "agent/radio/ble/call_errors.h"
#include "core/log/log.h"

#include <algorithm>
#include <utility>

namespace mmm::agent::ble {

namespace asio = boost::asio;

namespace {

constexpr const char* kComponent = "agent/radio";
constexpr const char* kManagerPath = "/org/bluez";
// A key that the radio does not know makes it end the connection; so does a weak signal, but not each time.
constexpr int kEarlyEndsOfStaleBond = 2;

}  // namespace

Connector::Connector(Bus& bus, RadioWatch& watch, TimeSource& time, const BleOptions& options)
    : bus_(bus), watch_(watch), time_(time), options_(options) {}

asio::awaitable<Result<ConnectedRadio>> Connector::connect() {
  const auto watching = watch_.start(bus_);
  if (!watching) co_return fail(watching.error());
  const auto objects = co_await managed_objects();
  if (!objects) co_return fail(objects.error());
  const auto adapter = choose_adapter(*objects);
  if (!adapter) co_return fail(adapter.error());
  const auto registered = co_await register_agent();
  if (!registered) co_return fail(registered.error());
  bool bond_removed = false;
  while (true) {
    const auto device = co_await find_device(adapter->path);
    if (!device) co_return fail(device.error());
    if (suspect_bond_ && !bond_removed && can_pair_anew(*device)) {
      log::warning(kComponent, "ble: {} no longer knows this machine (it was reset?): pairing anew",
                   device->describe());
      const auto removed = co_await remove(*device);
      if (!removed) co_return fail(removed.error());
      bond_removed = true;
      suspect_bond_ = false;
      continue;
    }
    auto radio = co_await establish(*device);
    if (radio) {
      suspect_bond_ = false;
      early_ends_ = 0;
      co_return radio;
    }
    if (!suspect_bond_ || bond_removed || !can_pair_anew(*device)) co_return radio;
  }
}

Connector::Step Connector::register_agent() {
  const auto deadline = time_.steady() + options_.times.call;
  auto name = [](sdbus::MethodCall& call) { call << "org.bluez"; };
  auto owner = co_await bus_.call("/org/freedesktop/DBus", "org.freedesktop.DBus", "GetNameOwner", deadline,
                                  std::move(name), "org.freedesktop.DBus");
  if (!owner) co_return fail(explain(owner.error(), "asking for BlueZ"));
  std::string unique;
  const auto read = read_values(*owner, unique);
  if (!read) co_return fail(read.error());
  try {
    agent_ = std::make_unique<PairingAgent>(bus_, options_.pin, std::move(unique));
  } catch (const sdbus::Error& error) {
    co_return fail(ErrorKind::kUnavailable, "D-Bus: {}", error.getMessage());
  }
  auto arguments = [](sdbus::MethodCall& call) { call << sdbus::ObjectPath(PairingAgent::kPath) << "KeyboardDisplay"; };
  const auto reply =
      co_await bus_.call(kManagerPath, interfaces::kAgentManager, "RegisterAgent", deadline, std::move(arguments));
  if (!reply && !is_done_already(reply.error())) co_return fail(explain(reply.error(), "preparing to pair"));
  co_return Result<>{};
}

asio::awaitable<Result<Objects>> Connector::managed_objects() {
  auto reply =
      co_await bus_.call("/", interfaces::kObjectManager, "GetManagedObjects", time_.steady() + options_.times.call);
  if (!reply) co_return fail(explain(reply.error(), "asking BlueZ for its devices"));
  Objects objects;
  const auto read = read_values(*reply, objects);
  if (!read) co_return fail(read.error());
  co_return objects;
}

asio::awaitable<Result<Device>> Connector::find_device(std::string adapter) {
  const auto objects = co_await managed_objects();
  if (!objects) co_return fail(objects.error());
  auto devices = list_devices(*objects, adapter);
  // Without a name to look for, only a paired radio is sure to be the one; others may just have been in reach.
  if (options_.wanted.empty()) std::erase_if(devices, [](const Device& device) { return !device.paired; });
  auto known = choose_device(devices, options_.wanted);
  if (!known) co_return fail(known.error());
  if (*known) co_return std::move(**known);
  co_return co_await discover(std::move(adapter));
}

asio::awaitable<Result<Device>> Connector::discover(std::string adapter) {
  const auto deadline = time_.steady() + options_.times.call;
  auto filter = [](sdbus::MethodCall& call) {
    Properties properties;
    properties.emplace("UUIDs", std::vector<std::string>{kServiceUuid});
    properties.emplace("Transport", std::string("le"));
    call << properties;
  };
  const auto filtered =
      co_await bus_.call(adapter, interfaces::kAdapter, "SetDiscoveryFilter", deadline, std::move(filter));
  if (!filtered) co_return fail(explain(filtered.error(), "preparing to look for Bluetooth devices"));
  const auto started = co_await bus_.call(adapter, interfaces::kAdapter, "StartDiscovery", deadline);
  if (!started && started.error().name != "org.bluez.Error.InProgress") {
    co_return fail(explain(started.error(), "looking for Bluetooth devices"));
  }
  auto found = co_await look_for(adapter);
  // Many adapters cannot connect while they look for devices.
  const auto until = time_.steady() + options_.times.call;
  static_cast<void>(co_await bus_.call(adapter, interfaces::kAdapter, "StopDiscovery", until));
  co_return found;
}

asio::awaitable<Result<Device>> Connector::look_for(std::string adapter) {
  const bool any = options_.wanted.empty();
  const auto time = any ? options_.times.look_around : options_.times.discovery;
  const auto deadline = time_.steady() + time;
  auto gone = [this] { return watch_.bluez_gone(); };
  std::string seen;
  while (true) {
    const auto look_at = std::min(deadline, time_.steady() + options_.times.look_every);
    const auto ended = co_await bus_.work_until(gone, look_at);
    if (!ended) co_return fail(ended.error());
    if (*ended) co_return fail(ErrorKind::kClosed, "BlueZ has stopped");
    const bool last = time_.steady() >= deadline;
    const auto objects = co_await managed_objects();
    if (!objects) co_return fail(objects.error());
    const auto devices = list_devices(*objects, adapter);
    auto found = choose_device(devices, options_.wanted);
    if (!found && (last || !any)) co_return fail(found.error());
    if (found && *found && (last || !any)) co_return std::move(**found);
    if (!last) continue;
    for (const auto& device : devices) {
      if (device.is_meshtastic)
        seen += fmt::format("{}{}", seen.empty() ? "; in reach are: " : ", ", device.describe());
    }
    co_return fail(ErrorKind::kUnavailable,
                   "no radio {}found over Bluetooth within {} s: is it on and near, is its Bluetooth on (with WiFi on "
                   "it may be off), and is no phone or other program connected to it?{}",
                   any ? "" : options_.wanted + " ", time.count() / 1000, seen);
  }
}

asio::awaitable<Result<ConnectedRadio>> Connector::establish(Device device) {
  watch_.follow(device);
  agent_->expect(device.path);
  auto done = co_await connect_device(device);
  if (done && !device.paired && !options_.pin.empty()) done = co_await pair(device);
  if (done) done = co_await wait_resolved(device);
  if (!done) co_return fail(done.error());
  const auto objects = co_await managed_objects();
  if (!objects) co_return fail(objects.error());
  auto characteristics = find_characteristics(*objects, device.path);
  if (!characteristics) co_return fail(characteristics.error().with("{}", device.describe()));
  watch_.follow_notifications(characteristics->from_num);
  done = co_await subscribe(device, characteristics->from_num);
  if (!done) co_return fail(done.error());
  ConnectedRadio radio{.device = std::move(device), .characteristics = std::move(*characteristics)};
  co_return radio;
}

Connector::Step Connector::connect_device(Device device) {
  const auto reply =
      co_await bus_.call(device.path, interfaces::kDevice, "Connect", time_.steady() + options_.times.connect);
  if (reply || is_done_already(reply.error())) co_return Result<>{};
  if (device.paired && is_about_authentication(reply.error())) {
    suspect_bond_ = true;
    co_return fail(refused(device));
  }
  const auto error = explain(reply.error(), "connecting to " + device.describe());
  co_return fail(error.kind, "{}; is it on and near, and no phone or other program connected to it?", error.message);
}

Connector::Step Connector::pair(Device device) {
  const auto reply = co_await bus_.call(device.path, interfaces::kDevice, "Pair", time_.steady() + options_.times.pair);
  if (reply || is_done_already(reply.error())) {
    log::info(kComponent, "ble: paired with {}", device.describe());
    co_return Result<>{};
  }
  if (is_pairing_refusal(reply.error()) && agent_->was_asked()) {
    co_return fail(ErrorKind::kUnauthorized,
                   "{} refused the PIN: is [meshtastic] ble_pin the one set in the radio, or on its screen?",
                   device.describe());
  }
  const auto error = explain(reply.error(), "pairing with " + device.describe());
  if (agent_->was_asked()) co_return fail(error);
  co_return fail(error.kind,
                 "{}; it asked for no PIN: when it is set to work without one, leave [meshtastic] ble_pin out",
                 error.message);
}

Connector::Step Connector::wait_resolved(Device device) {
  auto settled = [this] { return watch_.services_resolved() || watch_.lost(); };
  const auto done = co_await bus_.work_until(settled, time_.steady() + options_.times.resolve);
  if (!done) co_return fail(done.error());
  if (watch_.bluez_gone()) co_return fail(ErrorKind::kClosed, "BlueZ has stopped");
  if (watch_.lost()) {
    if (device.paired && ++early_ends_ >= kEarlyEndsOfStaleBond) {
      suspect_bond_ = true;
      early_ends_ = 0;
      co_return fail(refused(device));
    }
    co_return fail(ErrorKind::kClosed, "{} ended the connection at once: is it near enough?", device.describe());
  }
  if (!*done) {
    co_return fail(ErrorKind::kTimeout, "{} does not tell its services within {} s", device.describe(),
                   options_.times.resolve.count() / 1000);
  }
  co_return Result<>{};
}

Connector::Step Connector::subscribe(Device device, std::string characteristic) {
  const auto reply = co_await bus_.call(std::move(characteristic), interfaces::kCharacteristic, "StartNotify",
                                        time_.steady() + options_.times.operation);
  if (reply) co_return Result<>{};
  if (!is_about_authentication(reply.error())) {
    co_return fail(explain(reply.error(), "asking " + device.describe() + " for notifications"));
  }
  if (device.paired) suspect_bond_ = true;
  co_return fail(refused(device));
}

Error Connector::refused(const Device& device) const {
  if (!options_.pin.empty()) {
    return Error{
        ErrorKind::kUnauthorized,
        fmt::format("{} does not accept this machine's pairing: it was reset, or paired elsewhere", device.describe())};
  }
  return Error{ErrorKind::kUnauthorized,
               fmt::format("{} wants to be paired: set [meshtastic] ble_pin to the six digits that are set in it or on "
                           "its screen (123456 at the beginning)",
                           device.describe())};
}

Connector::Step Connector::remove(Device device) {
  auto path = [device](sdbus::MethodCall& call) { call << sdbus::ObjectPath(device.path); };
  const auto reply = co_await bus_.call(device.adapter, interfaces::kAdapter, "RemoveDevice",
                                        time_.steady() + options_.times.call, std::move(path));
  if (!reply) co_return fail(explain(reply.error(), "forgetting " + device.describe()));
  co_return Result<>{};
}

}  // namespace mmm::agent::ble
