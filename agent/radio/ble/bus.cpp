#include "agent/radio/ble/bus.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace mmm::agent::ble {

namespace asio = boost::asio;
// clang-tidy does not see its use in a co_await of two.
using asio::experimental::awaitable_operators::operator||;  // NOLINT(misc-unused-using-decls)

namespace {

using Descriptor = asio::posix::descriptor_base;

// Our own deadlines end a call, by the program's clock.
constexpr std::uint64_t kNoTimeout = UINT64_MAX;
// Messages handled in one turn, so that a busy bus does not keep the thread.
constexpr int kMessagesPerTurn = 64;

asio::awaitable<void> wait_ready(asio::posix::stream_descriptor& descriptor, Descriptor::wait_type what) {
  // An error means that the connection's next turn will say what happened.
  boost::system::error_code ignored;
  co_await descriptor.async_wait(what, asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> wait_either(asio::posix::stream_descriptor& descriptor) {
  const auto first =
      co_await (wait_ready(descriptor, Descriptor::wait_read) || wait_ready(descriptor, Descriptor::wait_write));
  static_cast<void>(first);
}

}  // namespace

Reply PendingCall::take() {
  Reply reply = std::move(*state_->reply);
  state_.reset();
  return reply;
}

Bus::Bus(const asio::any_io_executor& executor, TimeSource& time) : time_(time), descriptor_(executor) {}

Bus::~Bus() {
  close();
}

Result<> Bus::open() {
  close();
  try {
    connection_ = sdbus::createSystemBusConnection();
    boost::system::error_code error;
    const int copy = ::dup(connection_->getEventLoopPollData().fd);
    static_cast<void>(descriptor_.assign(copy, error));
    if (!error) return {};
    if (copy >= 0) ::close(copy);
    connection_.reset();
    return fail(ErrorKind::kIo, "D-Bus: {}", error.message());
  } catch (const sdbus::Error& error) {
    connection_.reset();
    return fail(ErrorKind::kUnavailable, "cannot reach the system's D-Bus: {}", error.getMessage());
  }
}

void Bus::close() {
  boost::system::error_code ignored;
  static_cast<void>(descriptor_.close(ignored));
  connection_.reset();
}

PendingCall Bus::start(const std::string& path, const std::string& interface, const std::string& method,
                       const Arguments& arguments, const std::string& destination) {
  PendingCall call;
  call.state_ = std::make_shared<PendingCall::State>();
  auto& state = *call.state_;
  try {
    state.proxy = sdbus::createProxy(*connection_, destination, path);
    auto message = state.proxy->createMethodCall(interface, method);
    if (arguments) arguments(message);
    auto answered = [weak = std::weak_ptr(call.state_)](sdbus::MethodReply& reply, const sdbus::Error* error) {
      const auto kept = weak.lock();
      if (!kept) return;
      if (error != nullptr) {
        kept->reply = std::unexpected(CallError{error->getName(), error->getMessage()});
      } else {
        kept->reply = reply;
      }
    };
    state.proxy->callMethod(message, std::move(answered), kNoTimeout);
  } catch (const sdbus::Error& error) {
    state.reply = std::unexpected(CallError{error.getName(), error.getMessage()});
  }
  return call;
}

void Bus::send(const std::string& path, const std::string& interface, const std::string& method) {
  try {
    const auto proxy = sdbus::createProxy(*connection_, "org.bluez", path);
    auto message = proxy->createMethodCall(interface, method);
    message.dontExpectReply();
    proxy->callMethod(message);
  } catch (const sdbus::Error&) {
    // The bus is gone: then there is nobody to tell.
    return;
  }
}

asio::awaitable<Reply> Bus::call(std::string path, std::string interface, std::string method, SteadyTime deadline,
                                 Arguments arguments, std::string destination) {
  auto pending = start(path, interface, method, arguments, destination);
  auto finished = [&pending] { return pending.done(); };
  const auto done = co_await work_until(finished, deadline);
  if (!done) co_return std::unexpected(CallError{kNoReply, done.error().message});
  if (!*done) co_return std::unexpected(CallError{kNoReply, "no answer within its time"});
  co_return pending.take();
}

asio::awaitable<Result<bool>> Bus::work_until(std::function<bool()> done, SteadyTime deadline) {
  while (true) {
    const auto worked = work();
    if (!worked) co_return fail(worked.error());
    if (done()) co_return true;
    if (time_.steady() >= deadline) co_return false;
    co_await wait_for_activity(deadline);
  }
}

Result<> Bus::work() {
  if (!connection_) return fail(ErrorKind::kClosed, "the connection to D-Bus is closed");
  try {
    for (int i = 0; i < kMessagesPerTurn && connection_->processPendingRequest(); ++i) {
    }
  } catch (const sdbus::Error& error) {
    return fail(ErrorKind::kClosed, "the system's D-Bus went away: {}", error.getMessage());
  }
  return {};
}

asio::awaitable<void> Bus::wait_for_activity(SteadyTime deadline) {
  const auto poll = connection_->getEventLoopPollData();
  const auto timeout = poll.getRelativeTimeout();
  if (timeout) deadline = std::min(deadline, time_.steady() + *timeout);
  const bool wants_write = (static_cast<unsigned>(poll.events) & POLLOUT) != 0U;
  auto ready = wants_write ? wait_either(descriptor_) : wait_ready(descriptor_, Descriptor::wait_read);
  const auto first = co_await (std::move(ready) || time_.sleep_until(deadline));
  static_cast<void>(first);
}

}  // namespace mmm::agent::ble
