#pragma once

#include "agent/radio/transport.h"
#include "core/async/signal.h"

#include <deque>
#include <functional>
#include <string>
#include <utility>

namespace mmm::agent {

// A line to a radio that is a piece of the test: what arrives is put in by hand, what is sent goes to a callback that
// may answer at once. Waits run on the test's clock.
class ScriptedTransport final : public Transport {
 public:
  ScriptedTransport(const boost::asio::any_io_executor& executor, TimeSource& time, bool network)
      : time_(time), network_(network), something_(executor) {}

  // ---- The radio's side ----
  // Bytes from the radio; with `piece` they come in reads of that size.
  void deliver(std::string_view bytes) {
    incoming_ += bytes;
    something_.notify();
  }
  void set_piece(std::size_t bytes) { piece_ = bytes; }
  void hang_up() {
    hung_up_ = true;
    something_.notify();
  }
  void fail_next_opens(int count) { opens_to_fail_ = count; }
  std::function<void(std::string_view)> on_sent;
  std::function<void()> on_open;

  [[nodiscard]] int opens() const { return opens_; }
  [[nodiscard]] bool is_open() const { return open_; }

  // ---- Transport ----
  [[nodiscard]] const std::string& description() const override { return description_; }
  [[nodiscard]] LineTraits traits() const override { return {.is_network = network_, .carries_text = !network_}; }
  boost::asio::awaitable<Result<>> open() override {
    ++opens_;
    co_await time_.sleep_for(std::chrono::milliseconds{50});
    if (opens_to_fail_ > 0) {
      --opens_to_fail_;
      co_return fail(ErrorKind::kUnavailable, "cannot open the script");
    }
    incoming_.clear();
    hung_up_ = false;
    open_ = true;
    if (on_open) on_open();
    co_return Result<>{};
  }
  boost::asio::awaitable<bool> wait_readable(SteadyTime deadline) override {
    while (incoming_.empty() && !hung_up_) {
      const bool notified = co_await something_.wait_until(time_, deadline);
      if (!notified) co_return false;
    }
    // A read takes a moment on a real line too, so that endless input does not stop the clock.
    co_await time_.sleep_for(std::chrono::microseconds{10});
    co_return true;
  }
  Result<std::size_t> read_some(std::span<char> into) override {
    if (incoming_.empty()) {
      if (hung_up_) return fail(ErrorKind::kClosed, "closed by the radio");
      return std::size_t{0};
    }
    const std::size_t size = std::min({incoming_.size(), into.size(), piece_});
    std::copy_n(incoming_.begin(), size, into.begin());
    incoming_.erase(0, size);
    return size;
  }
  boost::asio::awaitable<Result<>> write(std::string_view bytes, SteadyTime) override {
    if (hung_up_) co_return fail(ErrorKind::kClosed, "closed by the radio");
    if (on_sent) on_sent(bytes);
    co_return Result<>{};
  }
  void close() override { open_ = false; }

 private:
  TimeSource& time_;
  bool network_;
  Signal something_;
  std::string description_ = "script";
  std::string incoming_;
  std::size_t piece_ = SIZE_MAX;
  bool hung_up_ = false;
  bool open_ = false;
  int opens_ = 0;
  int opens_to_fail_ = 0;
};

}  // namespace mmm::agent
