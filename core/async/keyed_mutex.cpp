#include "core/async/keyed_mutex.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace mmm {
namespace asio = boost::asio;

struct KeyedMutex::Waiter {
  std::string key;
  asio::steady_timer timer;  // its executor's thread only
  bool is_first = false;     // guarded by mutex_

  Waiter(std::string_view name, const asio::any_io_executor& executor, std::chrono::steady_clock::duration wait_max)
      : key(name), timer(executor, wait_max) {}
};

KeyedMutex::Ticket::~Ticket() {
  if (waiter_) mutex_->leave(waiter_);
}

asio::awaitable<Result<KeyedMutex::Ticket>> KeyedMutex::lock(std::string_view key,
                                                             std::chrono::steady_clock::duration wait_max) {
  auto waiter = std::make_shared<Waiter>(key, co_await asio::this_coro::executor, wait_max);
  bool must_wait = false;
  {
    const std::lock_guard guard(mutex_);
    auto& queue = queues_[waiter->key];
    if (queue.size() > waiting_max_) co_return fail(ErrorKind::kUnavailable, "{} others wait already", waiting_max_);
    waiter->is_first = queue.empty();
    must_wait = !waiter->is_first;
    queue.push_back(waiter);
  }
  // Gives up the place in the queue when this coroutine ends in any other way.
  Ticket ticket(*this, waiter);
  if (must_wait) {
    boost::system::error_code ignored;
    co_await waiter->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    const std::lock_guard guard(mutex_);
    if (waiter->is_first) co_return std::move(ticket);
  } else {
    co_return std::move(ticket);
  }
  co_return fail(ErrorKind::kTimeout, "it was not its turn in time");
}

void KeyedMutex::leave(const std::shared_ptr<Waiter>& waiter) {
  std::shared_ptr<Waiter> next;
  {
    const std::lock_guard guard(mutex_);
    const auto place = queues_.find(waiter->key);
    auto& queue = place->second;
    const bool was_first = queue.front() == waiter;
    std::erase(queue, waiter);
    if (queue.empty()) {
      queues_.erase(place);
    } else if (was_first) {
      next = queue.front();
      next->is_first = true;
    }
  }
  // On its own thread; it waits there already, since it joined the queue without a pause before that.
  if (next) asio::post(next->timer.get_executor(), [next] { next->timer.cancel(); });
}

}  // namespace mmm
