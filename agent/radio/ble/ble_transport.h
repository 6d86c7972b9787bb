#pragma once

#include "agent/radio/ble/ble_options.h"
#include "agent/radio/ble/bus.h"
#include "agent/radio/ble/connector.h"
#include "agent/radio/ble/message_exchange.h"
#include "agent/radio/ble/radio_watch.h"
#include "agent/radio/transport.h"

#include <boost/asio/any_io_executor.hpp>

#include <optional>
#include <string>

namespace mmm::agent::ble {

// A radio on Bluetooth Low Energy, by way of BlueZ.
//
// BLE carries whole messages. This puts the stream protocol's header before each message that it reads and takes it off
// those that it writes, so that the link above has one way of reading for every line.
//
// Everything happens while somebody waits in open() or wait_readable(): D-Bus is driven there, and write() only queues.
class BleTransport final : public Transport {
 public:
  BleTransport(const boost::asio::any_io_executor& executor, TimeSource& time, BleOptions options);
  ~BleTransport() override;
  BleTransport(const BleTransport&) = delete;
  BleTransport& operator=(const BleTransport&) = delete;

  [[nodiscard]] const std::string& description() const override { return description_; }
  [[nodiscard]] LineTraits traits() const override;
  boost::asio::awaitable<Result<>> open() override;
  boost::asio::awaitable<bool> wait_readable(SteadyTime deadline) override;
  Result<std::size_t> read_some(std::span<char> into) override;
  boost::asio::awaitable<Result<>> write(std::string_view bytes, SteadyTime deadline) override;
  void close() override;

 private:
  // Takes the results of what is done, and starts what is next.
  void advance();
  void finish_operation();
  void start_operation();
  void take_message(sdbus::MethodReply& reply);
  void fail_line(ErrorKind kind, std::string message);
  void operation_failed(const CallError& error);

  TimeSource& time_;
  const BleOptions options_;
  std::string description_;
  Bus bus_;
  RadioWatch watch_;
  Connector connector_;
  MessageExchange exchange_;
  std::optional<ConnectedRadio> radio_;
  MessageExchange::Step step_ = MessageExchange::Step::kNothing;  // of the operation
  PendingCall operation_;
  SteadyTime operation_deadline_{};
  std::string incoming_;         // frames that were not read yet
  std::optional<Error> failed_;  // the line has ended
};

}  // namespace mmm::agent::ble
