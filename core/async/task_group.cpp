#include "core/async/task_group.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <cstdlib>
#include <exception>

#include "core/base/check.h"
#include "core/log/log.h"

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
  std::list<Task> tasks;
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

}  // namespace

TaskGroup::TaskGroup(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

TaskGroup::~TaskGroup() { MMM_CHECK(state_->tasks.empty()); }

void TaskGroup::spawn(std::string_view name, asio::awaitable<void> task) {
  if (state_->cancelled) return;
  state_->tasks.emplace_back();
  const auto entry = std::prev(state_->tasks.end());
  entry->name = name;
  auto completed = [state = state_, entry](const std::exception_ptr& exception) {
    if (exception) report_escaped(entry->name, exception);
    state->tasks.erase(entry);
    if (state->tasks.empty()) state->emptied.cancel();
  };
  // Posted, so that a task never runs inside its spawner; the cancellation slot is bound before the task can start.
  auto started = [state = state_, entry, task = std::move(task), completed = std::move(completed)]() mutable {
    asio::co_spawn(state->executor, std::move(task),
                   asio::bind_cancellation_slot(entry->signal.slot(), std::move(completed)));
    if (state->cancelled) entry->signal.emit(asio::cancellation_type::terminal);
  };
  asio::post(state_->executor, std::move(started));
}

void TaskGroup::cancel() {
  state_->cancelled = true;
  // A handler that runs inside emit() may end its task and erase it: step first.
  for (auto entry = state_->tasks.begin(); entry != state_->tasks.end();) {
    const auto current = entry++;
    current->signal.emit(asio::cancellation_type::terminal);
  }
}

std::size_t TaskGroup::size() const { return state_->tasks.size(); }

bool TaskGroup::cancelled() const { return state_->cancelled; }

asio::awaitable<void> TaskGroup::join() {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const auto state = state_;
  while (!state->tasks.empty()) {
    boost::system::error_code ignored;
    co_await state->emptied.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

}  // namespace mmm
