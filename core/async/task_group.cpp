#include "core/async/task_group.h"

#include "core/base/check.h"
#include "core/log/log.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <cstdlib>
#include <exception>

namespace mmm {

namespace asio = boost::asio;

struct TaskGroup::Task {
  std::string name;
  asio::cancellation_signal signal;
};

struct TaskGroup::State {
  explicit State(asio::any_io_executor ex) : executor(std::move(ex)), emptied(executor) {
    emptied.expires_at(asio::steady_timer::time_point::max());
  }

  asio::any_io_executor executor;
  std::list<std::shared_ptr<Task>> tasks;
  void remove(std::list<std::shared_ptr<Task>>::iterator entry) {
    tasks.erase(entry);
    if (tasks.empty()) emptied.cancel();
  }

  bool cancelled = false;
  // Never expires; cancelled when the last task ends, which wakes join().
  asio::steady_timer emptied;
};

namespace {

void report_escaped(const std::string& name, const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) return;
    log::critical("core/async", "BUG: task {} ended by an exception: {}", name, error.what());
  } catch (const std::exception& error) {
    log::critical("core/async", "BUG: task {} ended by an exception: {}", name, error.what());
  }
  std::abort();
}

// Suspends once before the task runs: when a task is cancelled before its first suspension, co_spawn of Asio 1.81
// throws away the completion handler, and the group would wait for it for ever.
asio::awaitable<void> suspend_then_run(asio::any_io_executor executor, asio::awaitable<void> task) {
  co_await asio::post(executor, asio::use_awaitable);
  co_await std::move(task);
}

}  // namespace

TaskGroup::TaskGroup(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

TaskGroup::~TaskGroup() {
  MMM_CHECK(state_->tasks.empty());
}

void TaskGroup::spawn(std::string_view name, asio::awaitable<void> task) {
  if (state_->cancelled) return;
  const auto entry = state_->tasks.emplace(state_->tasks.end(), std::make_shared<Task>());
  (*entry)->name = name;
  auto completed = [state = state_, entry](const std::exception_ptr& exception) {
    if (exception) report_escaped((*entry)->name, exception);
    state->remove(entry);
  };
  // Posted, so that co_spawn always runs, and begins the task, on the executor.
  auto started = [state = state_, entry, task = std::move(task), completed = std::move(completed)]() mutable {
    if (state->cancelled) {
      state->remove(entry);
      return;
    }
    asio::co_spawn(state->executor, suspend_then_run(state->executor, std::move(task)),
                   asio::bind_cancellation_slot((*entry)->signal.slot(), std::move(completed)));
  };
  asio::post(state_->executor, std::move(started));
}

void TaskGroup::cancel() {
  state_->cancelled = true;
  // A copy, since a handler that runs inside emit() may end any of the tasks.
  auto tasks = state_->tasks;
  for (const auto& task : tasks) task->signal.emit(asio::cancellation_type::terminal);
  // Called from outside the executor's thread of control, emit() only posts, and what it posts refers to the signals.
  asio::post(state_->executor, [kept = std::move(tasks)] {});
}

std::size_t TaskGroup::size() const {
  return state_->tasks.size();
}

bool TaskGroup::cancelled() const {
  return state_->cancelled;
}

asio::awaitable<void> TaskGroup::join() {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const auto state = state_;
  while (!state->tasks.empty()) {
    boost::system::error_code ignored;
    co_await state->emptied.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

}  // namespace mmm
