#include "perf/sim/radio/session.h"

#include "core/base/check.h"
#include "perf/sim/radio/console_text.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>

#include <vector>

namespace mmm::sim {
namespace {

namespace asio = boost::asio;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

// Frames go out together up to this size; small enough that the queue for the client is not emptied into the socket.
constexpr std::size_t kBatchBytes = 8192;
constexpr auto kFinishMax = std::chrono::seconds{2};

}  // namespace

std::string_view to_string(Session::End end) {
  switch (end) {
    case Session::End::kNone:
      return "open";
    case Session::End::kClientLeft:
      return "the client closed the line";
    case Session::End::kAskedToClose:
      return "the client asked to disconnect";
    case Session::End::kIdle:
      return "nothing from the client for 15 minutes";
    case Session::End::kKicked:
      return "another client connected";
    case Session::End::kReboot:
      return "the radio rebooted";
    case Session::End::kDisconnect:
      return "the line was cut";
    case Session::End::kStopped:
      return "the simulator stopped";
  }
  return "unknown";
}

Session::Session(const SessionContext& context, Kind kind, asio::posix::stream_descriptor line,
                 std::function<std::size_t()> unread)
    : context_(context),
      kind_(kind),
      line_(std::move(line)),
      outgoing_(line_.get_executor()),
      unread_(std::move(unread)) {
  context_.radio.client_attached(context_.time.steady());
}

void Session::print(std::string_view text) {
  text_ += text;
  wake();
}

void Session::close(End end) {
  if (end_ != End::kNone) return;
  end_ = planned_end_ == End::kNone ? end : planned_end_;
  ended_at_ = context_.time.steady();
  boost::system::error_code ignored;
  line_.close(ignored);
  context_.radio.client_gone();
  context_.truth.event(context_.number, "gone", to_string(end_), context_.time.wall());
  outgoing_.notify_all();
  context_.progress.notify_all();
}

void Session::begin_finish(End end) {
  if (finishing_ || !open()) return;
  finishing_ = true;
  planned_end_ = end;
  finish_until_ = context_.time.steady() + kFinishMax;
  outgoing_.notify_all();
  // Closing a connection with unread bytes of the client would reset it and could lose ours: read to its end.
  if (kind_ == Kind::kTcp) ::shutdown(line_.native_handle(), SHUT_WR);
}

asio::awaitable<void> Session::finish(End end) {
  begin_finish(end);
  while (open() && context_.time.steady() < finish_until_) {
    if (kind_ == Kind::kSerial && unread_() == 0) break;
    co_await context_.time.sleep_for(std::chrono::milliseconds{10});
  }
  close(end);
}

asio::awaitable<void> Session::read(std::shared_ptr<Session> self) {
  Session& s = *self;
  while (s.open()) {
    const std::span<char> space = s.decoder_.prepare();
    const auto [error, size] = co_await s.line_.async_read_some(asio::buffer(space.data(), space.size()), kTuple);
    if (error || !s.open()) break;
    s.decoder_.commit(size);
    s.take_frames();
  }
  s.close(End::kClientLeft);
}

void Session::take_frames() {
  bool any = false;
  while (const auto frame = decoder_.next()) {
    if (finishing_) continue;
    context_.truth.received(context_.number, *frame, context_.time.wall());
    context_.radio.receive(*frame, context_.time.steady());
    any = true;
    if (context_.radio.close_wanted(context_.time.steady())) {
      close(End::kAskedToClose);
      return;
    }
  }
  if (!any) return;
  wake();
  context_.client_sent.notify_all();
}

asio::awaitable<void> Session::write(std::shared_ptr<Session> self) {
  Session& s = *self;
  while (s.open() && !s.finishing_) {
    if (!s.text_.empty()) {
      const std::string text = std::exchange(s.text_, {});
      if (!s.context_.radio.speaks_protobuf()) {
        s.idle_ = false;
        const bool written = co_await s.write_bytes(text);
        if (!written) break;
        continue;
      }
    }
    const bool wrote = co_await s.write_batch();
    if (wrote) continue;
    if (!s.open() || s.finishing_) break;
    s.idle_ = true;
    s.context_.progress.notify_all();
    co_await s.outgoing_.wait();
  }
  // While finishing, the reader waits for the client to close.
  if (!s.finishing_) s.close(End::kClientLeft);
}

// True when there was something to write and the line is still good.
asio::awaitable<bool> Session::write_batch() {
  if (context_.faults.any()) {
    auto message = context_.radio.next_message();
    if (!message) co_return false;
    co_return co_await write_one_with_faults(std::move(*message));
  }
  struct Placed {
    OutMessage message;
    std::size_t end;
  };
  std::vector<Placed> batch;
  std::string bytes;
  while (bytes.size() < kBatchBytes) {
    auto message = context_.radio.next_message();
    if (!message) break;
    MMM_CHECK(mesh::append_frame(bytes, message->bytes).has_value());
    batch.push_back({.message = std::move(*message), .end = bytes.size()});
  }
  if (batch.empty()) co_return false;
  idle_ = false;
  // Taking them out made room, so the mesh may go on while these are written.
  context_.progress.notify_all();
  const auto [error, size] = co_await asio::async_write(line_, asio::buffer(bytes), kTuple);
  for (const Placed& placed : batch) {
    if (placed.end <= size) delivered(placed.message);
  }
  co_return !error;
}

asio::awaitable<bool> Session::write_one_with_faults(OutMessage message) {
  idle_ = false;
  const auto encoded = mesh::encode_frame(message.bytes);
  MMM_CHECK(encoded.has_value());
  const std::string& frame = *encoded;
  const FaultInjector::Plan plan = context_.faults.next(frame.size());
  if (!plan.before.empty()) {
    const bool sent = co_await write_bytes(plan.before);
    if (!sent) co_return false;
    if (plan.silence_after_before) co_await context_.time.sleep_for(kRevealingSilence);
  }
  std::size_t at = 0;
  while (at < frame.size()) {
    std::size_t count = frame.size() - at;
    if (plan.byte_by_byte)
      count = 1;
    else if (at < plan.stall_at)
      count = plan.stall_at;
    const bool sent = co_await write_bytes(std::string_view(frame).substr(at, count));
    if (!sent) co_return false;
    at += count;
    if (at == plan.stall_at) co_await context_.time.sleep_for(context_.faults.stall_time());
  }
  delivered(message);
  if (!message.is_packet) co_return true;
  const FaultInjector::After after = context_.faults.packet_delivered();
  if (after == FaultInjector::After::kNothing) co_return true;
  // What has been written is the client's: it gets it, and then finds the line closed.
  const bool reboot = after == FaultInjector::After::kReboot;
  if (reboot) context_.radio.reboot();
  if (reboot && kind_ == Kind::kSerial) {
    // The line stays; the board says on it that it starts again.
    context_.truth.event(context_.number, "reboot", "", context_.time.wall());
    context_.radio.client_attached(context_.time.steady());
    print(boot_text(context_.radio.own_num()));
    co_return true;
  }
  co_await finish(reboot ? End::kReboot : End::kDisconnect);
  co_return false;
}

asio::awaitable<bool> Session::write_bytes(std::string_view bytes) {
  const auto [error, size] = co_await asio::async_write(line_, asio::buffer(bytes.data(), bytes.size()), kTuple);
  co_return !error && size == bytes.size();
}

void Session::delivered(const OutMessage& message) {
  context_.truth.delivered(context_.number, context_.radio.own_num(), message, context_.time.wall());
  if (!was_ready_ && context_.radio.session_ready()) {
    was_ready_ = true;
    context_.truth.event(context_.number, "ready", "configuration and replay delivered", context_.time.wall());
  }
  context_.progress.notify_all();
}

}  // namespace mmm::sim
