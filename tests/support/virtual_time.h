#pragma once

#include "core/async/time_source.h"
#include "tests/support/run_coroutine.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace mmm::test {

// Time that moves only when a test says so. Those who sleep are parked and woken in the order of their wake-up times
// (those with the same one, in the order they came), so that a run is the same each time.
//
// What runs on a thread pool (offload) takes no virtual time: time waits for it. Real sockets are not waited for.
//
// Thread: sleeping and running belong to the io_context's thread; wall() and steady() may be read from any.
class VirtualTime final : public TimeSource {
 public:
  using Duration = std::chrono::steady_clock::duration;

  // 2026-01-01T00:00:00Z, unless told otherwise; steady() starts at its epoch plus one day.
  explicit VirtualTime(WallTime start = from_micros(1'767'225'600'000'000));
  ~VirtualTime() override;

  [[nodiscard]] WallTime wall() const override;
  [[nodiscard]] SteadyTime steady() const override;
  boost::asio::awaitable<void> sleep_until(SteadyTime when) override;

  // The wall clock jumps by `step`, as when an administrator or NTP sets it; steady() does not.
  void step_wall(std::chrono::microseconds step);

  // Runs what is ready, then jumps to the next wake-up, and so on until `duration` of virtual time has passed.
  void run_for(boost::asio::io_context& context, Duration duration);

  // Runs what is ready now, without letting time pass.
  void run_ready(boost::asio::io_context& context);

  // Runs `task` to its end and returns its value, letting time jump whenever nothing else can go on. Throws when it has
  // not ended after `max` of virtual time or kRunMax of real time.
  template <class T>
  T run(boost::asio::io_context& context, boost::asio::awaitable<T> task, Duration max = std::chrono::hours{24}) {
    auto state = detail::start<T>(context, std::move(task));
    advance(context, steady() + max, [&state] { return state->done; });
    return detail::take<T>(*state);
  }

  [[nodiscard]] std::size_t sleepers() const { return sleepers_->size(); }

 private:
  struct Sleeper;
  using Key = std::pair<SteadyTime, std::uint64_t>;
  using Sleepers = std::map<Key, Sleeper*>;

  // Lets time pass until `done`, at most until `end`. Returns when nothing can go on.
  void advance(boost::asio::io_context& context, SteadyTime end, const std::function<bool()>& done);
  bool run_some(boost::asio::io_context& context);
  void wake_next();

  WallTime start_;
  std::atomic<std::chrono::microseconds> wall_step_{std::chrono::microseconds{0}};
  std::atomic<Duration> elapsed_{Duration{0}};
  // Shared with the sleeping frames: a test's io_context may destroy them after this object.
  std::shared_ptr<Sleepers> sleepers_ = std::make_shared<Sleepers>();
  std::uint64_t next_sleeper_ = 0;
};

}  // namespace mmm::test
