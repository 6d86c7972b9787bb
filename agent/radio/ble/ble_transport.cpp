#include "agent/radio/ble/ble_transport.h"

#include "agent/radio/ble/bus_probe.h"
#include "agent/radio/ble/call_errors.h"
#include "core/base/limits.h"
#include "core/log/log.h"
#include "core/mesh/frame_codec.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace mmm::agent::ble {

namespace asio = boost::asio;

namespace {

using Bytes = std::vector<std::uint8_t>;
using Step = MessageExchange::Step;

// Longer than an ESP32 may hold back the answer of a read, behind which a repeated request would only wait.
constexpr std::chrono::seconds kAnswerMax{25};

}  // namespace

BleTransport::BleTransport(const asio::any_io_executor& executor, TimeSource& time, BleOptions options)
    : time_(time),
      options_(std::move(options)),
      description_("ble " + (options_.wanted.empty() ? "(looked for)" : options_.wanted)),
      bus_(executor, time),
      connector_(bus_, watch_, time, options_),
      exchange_(options_.times.exchange) {}

BleTransport::~BleTransport() {
  close();
}

LineTraits BleTransport::traits() const {
  return {.drops_repeats = true, .answer_max = kAnswerMax};
}

asio::awaitable<Result<>> BleTransport::open() {
  close();
  const auto alive = co_await probe_system_bus(time_, time_.steady() + options_.times.call);
  if (!alive) co_return alive;
  const auto opened = bus_.open();
  if (!opened) co_return opened;
  auto radio = co_await connector_.connect();
  if (!radio) {
    close();
    co_return fail(radio.error());
  }
  radio_ = std::move(*radio);
  description_ = "ble " + radio_->device.describe();
  exchange_.reset(time_.steady());
  co_return Result<>{};
}

void BleTransport::close() {
  // BlueZ would keep the connection, or go on trying, and the radio serves one at a time.
  if (bus_.is_open() && !watch_.device().empty()) bus_.send(watch_.device(), interfaces::kDevice, "Disconnect");
  radio_.reset();
  operation_ = PendingCall();
  step_ = Step::kNothing;
  incoming_.clear();
  failed_.reset();
  connector_.forget_bus();
  bus_.close();
}

asio::awaitable<bool> BleTransport::wait_readable(SteadyTime deadline) {
  while (true) {
    advance();
    if (!incoming_.empty() || failed_) co_return true;
    if (time_.steady() >= deadline) co_return false;
    SteadyTime until = std::min(deadline, exchange_.wake());
    if (operation_.pending()) until = std::min(until, operation_deadline_);
    auto news = [this] { return operation_.done() || watch_.lost() || watch_.has_notification(); };
    const auto worked = co_await bus_.work_until(std::move(news), until);
    if (!worked) fail_line(worked.error().kind, worked.error().message);
  }
}

Result<std::size_t> BleTransport::read_some(std::span<char> into) {
  if (incoming_.empty() && failed_) return fail(*failed_);
  const std::size_t size = std::min(incoming_.size(), into.size());
  std::copy_n(incoming_.begin(), size, into.begin());
  incoming_.erase(0, size);
  return size;
}

asio::awaitable<Result<>> BleTransport::write(std::string_view bytes, SteadyTime) {
  // What is no frame, such as the bytes that wake a serial board, has no meaning here.
  mesh::FrameDecoder decoder;
  while (!bytes.empty()) {
    bytes.remove_prefix(decoder.push(bytes));
    while (const auto message = decoder.next()) {
      auto queued = exchange_.send(std::string(*message));
      if (!queued) co_return queued;
    }
  }
  co_return Result<>{};
}

void BleTransport::advance() {
  if (!radio_ || failed_) return;
  if (operation_.done()) finish_operation();
  if (watch_.take_notification()) exchange_.notified(time_.steady());
  if (watch_.bluez_gone()) return fail_line(ErrorKind::kClosed, "BlueZ has stopped");
  if (watch_.lost()) return fail_line(ErrorKind::kClosed, "the Bluetooth connection to the radio is lost");
  if (failed_) return;
  if (operation_.pending() && time_.steady() >= operation_deadline_) {
    return fail_line(ErrorKind::kTimeout,
                     fmt::format("the radio answers no {} within {} s", step_ == Step::kRead ? "read" : "write",
                                 options_.times.operation.count() / 1000));
  }
  if (!operation_.pending()) start_operation();
}

void BleTransport::start_operation() {
  step_ = exchange_.next(time_.steady());
  if (step_ == Step::kNothing) return;
  operation_deadline_ = time_.steady() + options_.times.operation;
  if (step_ == Step::kRead) {
    operation_ = bus_.start(radio_->characteristics.from_radio, interfaces::kCharacteristic, "ReadValue",
                            [](sdbus::MethodCall& call) { call << Properties(); });
    return;
  }
  const auto& message = exchange_.writing();
  const auto arguments = [&message](sdbus::MethodCall& call) {
    Properties how;
    // With an answer, so that the radio's short queue never overflows.
    how.emplace("type", std::string("request"));
    call << Bytes(message.begin(), message.end()) << how;
  };
  operation_ = bus_.start(radio_->characteristics.to_radio, interfaces::kCharacteristic, "WriteValue", arguments);
}

void BleTransport::finish_operation() {
  auto reply = operation_.take();
  if (!reply) return operation_failed(reply.error());
  if (step_ == Step::kWrite) {
    exchange_.written(time_.steady());
  } else {
    take_message(*reply);
  }
}

void BleTransport::take_message(sdbus::MethodReply& reply) {
  Bytes value;
  const auto read = read_values(reply, value);
  if (!read) return fail_line(read.error().kind, read.error().message);
  exchange_.read(value.empty(), time_.steady());
  if (value.empty()) return;
  const auto framed =
      mesh::append_frame(incoming_, std::string_view(reinterpret_cast<const char*>(value.data()), value.size()));
  if (!framed) log::warning("agent/radio", "{}: a message is left out: {}", description_, framed.error().message);
}

void BleTransport::operation_failed(const CallError& error) {
  const auto* what = step_ == Step::kRead ? "reading from the radio" : "writing to the radio";
  if (is_about_authentication(error)) {
    connector_.suspect_bond();
    return fail_line(ErrorKind::kUnauthorized,
                     fmt::format("{}: it wants to be paired{}", what,
                                 options_.pin.empty() ? "; set [meshtastic] ble_pin" : " anew"));
  }
  const auto explained = explain(error, what);
  fail_line(explained.kind, explained.message);
}

void BleTransport::fail_line(ErrorKind kind, std::string message) {
  if (!failed_) failed_ = Error{kind, std::move(message)};
}

}  // namespace mmm::agent::ble
