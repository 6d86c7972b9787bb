#pragma once

#include "core/async/time_source.h"
#include "core/base/result.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <sdbus-c++/Error.h>
#include <sdbus-c++/IConnection.h>
#include <sdbus-c++/IProxy.h>
#include <sdbus-c++/Message.h>

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace mmm::agent::ble {

// What the other side of the bus, or the bus itself, answered instead of a result.
struct CallError {
  std::string name;  // such as "org.bluez.Error.AuthenticationFailed"
  std::string message;
};

using Reply = std::expected<sdbus::MethodReply, CallError>;

// A method call on its way. Destroying it forgets its answer; it must not outlive its bus.
class PendingCall {
 public:
  PendingCall() = default;

  // False also for a call that was never made.
  [[nodiscard]] bool done() const { return state_ != nullptr && state_->reply.has_value(); }
  [[nodiscard]] bool pending() const { return state_ != nullptr && !state_->reply.has_value(); }
  // Once, when it is done.
  Reply take();

 private:
  friend class Bus;
  struct State {
    std::optional<Reply> reply;
    // After the reply, so that it is gone first: it ends the call.
    std::unique_ptr<sdbus::IProxy> proxy;
  };
  std::shared_ptr<State> state_;
};

// The system's D-Bus, driven by the executor's thread without one of its own: it works whenever somebody waits in
// work_until() or call(), and is quiet meanwhile.
//
// Blocking: open() and connection().addMatch() wait for the bus daemon's answer, as sdbus-c++ makes them: about a
// millisecond, for a daemon that lives (bus_probe.h). Nothing else blocks.
// Concurrency: one thread, one waiter at a time.
class Bus {
 public:
  // Puts the arguments into a call.
  using Arguments = std::function<void(sdbus::MethodCall&)>;

  Bus(const boost::asio::any_io_executor& executor, TimeSource& time);
  ~Bus();
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  // Connects to DBUS_SYSTEM_BUS_ADDRESS, or to the system's usual place. kUnavailable.
  Result<> open();
  // Objects and calls on this connection must be gone.
  void close();
  [[nodiscard]] bool is_open() const { return connection_ != nullptr; }
  // While it is open.
  [[nodiscard]] sdbus::IConnection& connection() { return *connection_; }

  // Starts a call to org.bluez, or to another destination.
  PendingCall start(const std::string& path, const std::string& interface, const std::string& method,
                    const Arguments& arguments = {}, const std::string& destination = "org.bluez");
  // Makes a call and does not wait for what it answers.
  void send(const std::string& path, const std::string& interface, const std::string& method);

  // Starts a call and waits for its answer. After the deadline: CallError with the name kNoReply.
  boost::asio::awaitable<Reply> call(std::string path, std::string interface, std::string method, SteadyTime deadline,
                                     Arguments arguments = {}, std::string destination = "org.bluez");

  // Lets the connection work until `done` says true; false when the deadline came first. kClosed: the bus is gone.
  boost::asio::awaitable<Result<bool>> work_until(std::function<bool()> done, SteadyTime deadline);

 private:
  Result<> work();
  boost::asio::awaitable<void> wait_for_activity(SteadyTime deadline);

  TimeSource& time_;
  std::unique_ptr<sdbus::IConnection> connection_;
  // A second number of the connection's file, since both sides close theirs.
  boost::asio::posix::stream_descriptor descriptor_;
};

inline constexpr const char* kNoReply = "org.freedesktop.DBus.Error.NoReply";

// Takes the values out of a reply. kMalformed when they are of other types.
template <class... Values>
Result<> read_values(sdbus::MethodReply& reply, Values&... values) {
  try {
    static_cast<void>((reply >> ... >> values));
  } catch (const sdbus::Error& error) {
    return fail(ErrorKind::kMalformed, "an answer on D-Bus is not of the expected form: {}", error.getMessage());
  }
  return {};
}

}  // namespace mmm::agent::ble
