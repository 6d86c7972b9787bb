#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <string>
#include <string_view>

namespace mmm {

// The owner of background coroutines: what is spawned here is cancelled and waited for here. Nothing in this project is
// spawned detached.
//
// Concurrency: one thread, the executor's. Destroying a group whose tasks still run is a bug and aborts.
// Errors: a task that ends by cancellation ends silently; an exception that escapes one is a bug and aborts with the
// task's name. Expected failures are values inside the task.
class TaskGroup {
 public:
  explicit TaskGroup(boost::asio::any_io_executor executor);
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Starts the task on the executor (never inline). `name` is for the log. Ignored once cancel() was called.
  void spawn(std::string_view name, boost::asio::awaitable<void> task);

  // Asks every task to stop: the operation in which it is suspended, or the next one, ends with operation_aborted. A
  // task that has not begun never begins. Idempotent.
  void cancel();

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool cancelled() const;

  // Completes when every task has ended. Call cancel() first, unless the tasks end by themselves. Not cancellable, and
  // it leaves its caller so. A coroutine that has been cancelled can no longer co_await anything, so one that may be
  // must first: co_await this_coro::reset_cancellation_state(asio::disable_cancellation()).
  boost::asio::awaitable<void> join();

 private:
  struct Task;
  // Shared with the completion handlers of the tasks, which may run after join() has been resumed.
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace mmm
