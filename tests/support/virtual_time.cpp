#include "tests/support/virtual_time.h"

#include "core/async/offload.h"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace mmm::test {

namespace asio = boost::asio;

namespace {

constexpr SteadyTime kSteadyStart{std::chrono::hours{24}};
// How long one look at a busy pool waits for it.
constexpr std::chrono::milliseconds kTurn{5};

}  // namespace

struct VirtualTime::Sleeper {
  Sleeper(const asio::any_io_executor& executor, std::shared_ptr<Sleepers> all, Key its_key)
      : timer(executor, SteadyTime::max()), sleepers(std::move(all)), key(its_key) {
    sleepers->emplace(key, this);
  }
  ~Sleeper() { sleepers->erase(key); }

  // Never expires by itself; cancelled to wake the sleeper.
  asio::steady_timer timer;
  std::shared_ptr<Sleepers> sleepers;
  Key key;
  bool woken = false;
};

VirtualTime::VirtualTime(WallTime start) : start_(start) {}

VirtualTime::~VirtualTime() = default;

WallTime VirtualTime::wall() const {
  return start_ + wall_step_.load() + std::chrono::duration_cast<std::chrono::microseconds>(elapsed_.load());
}

SteadyTime VirtualTime::steady() const {
  return kSteadyStart + elapsed_.load();
}

void VirtualTime::step_wall(std::chrono::microseconds step) {
  wall_step_ = wall_step_.load() + step;
}

asio::awaitable<void> VirtualTime::sleep_until(SteadyTime when) {
  const auto executor = co_await asio::this_coro::executor;
  Sleeper sleeper(executor, sleepers_, Key{std::max(when, steady()), next_sleeper_++});
  boost::system::error_code error;
  co_await sleeper.timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  if (!sleeper.woken) throw boost::system::system_error(asio::error::operation_aborted);
}

void VirtualTime::wake_next() {
  const auto first = sleepers_->begin();
  elapsed_ = std::max(elapsed_.load(), first->first.first - kSteadyStart);
  Sleeper* sleeper = first->second;
  sleepers_->erase(first);
  sleeper->woken = true;
  sleeper->timer.cancel();
}

bool VirtualTime::run_some(asio::io_context& context) {
  // Read before the poll: what a pool finishes meanwhile is then either polled or waited for.
  const bool pools_work = offloads_in_flight() > 0;
  context.restart();
  if (context.poll() > 0) return true;
  if (!pools_work) return false;
  context.restart();
  context.run_one_for(kTurn);
  return true;
}

void VirtualTime::advance(asio::io_context& context, SteadyTime end, const std::function<bool()>& done) {
  const auto real_end = std::chrono::steady_clock::now() + kRunMax;
  while (!done() && std::chrono::steady_clock::now() < real_end) {
    if (run_some(context)) continue;
    if (sleepers_->empty() || sleepers_->begin()->first.first > end) return;
    wake_next();
  }
}

void VirtualTime::run_for(asio::io_context& context, Duration duration) {
  const auto end = steady() + duration;
  advance(context, end, [] { return false; });
  elapsed_ = end - kSteadyStart;
}

void VirtualTime::run_ready(asio::io_context& context) {
  while (run_some(context)) {
  }
}

}  // namespace mmm::test
