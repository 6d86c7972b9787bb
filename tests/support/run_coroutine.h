#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace mmm::test {

// How long a coroutine of a test may take in real time; far more than any takes, under a sanitizer on a busy machine
// too.
inline constexpr std::chrono::seconds kRunMax{30};

namespace detail {

template <class T>
struct RunState {
  std::optional<std::conditional_t<std::is_void_v<T>, bool, T>> value;
  std::exception_ptr exception;
  bool done = false;
};

template <class T>
boost::asio::awaitable<void> keep_value(boost::asio::awaitable<T> task, std::shared_ptr<RunState<T>> state) {
  if constexpr (std::is_void_v<T>) {
    co_await std::move(task);
    state->value = true;
  } else {
    state->value.emplace(co_await std::move(task));
  }
}

// Spawns the task; the state says when it is done.
template <class T>
std::shared_ptr<RunState<T>> start(boost::asio::io_context& context, boost::asio::awaitable<T> task) {
  auto state = std::make_shared<RunState<T>>();
  auto completed = [state](std::exception_ptr exception) {
    state->exception = std::move(exception);
    state->done = true;
  };
  boost::asio::co_spawn(context, keep_value<T>(std::move(task), state), std::move(completed));
  context.restart();
  return state;
}

template <class T>
T take(RunState<T>& state) {
  if (!state.done) throw std::runtime_error("the coroutine did not end within its time");
  if (state.exception) std::rethrow_exception(state.exception);
  if constexpr (!std::is_void_v<T>) return std::move(*state.value);
}

}  // namespace detail

// Runs `context` on this thread until `task` has ended and returns its value or throws its exception; also throws when
// it takes longer than `max` of real time. What else the context has to do stays in it.
template <class T>
T run(boost::asio::io_context& context, boost::asio::awaitable<T> task,
      std::chrono::steady_clock::duration max = kRunMax) {
  const auto deadline = std::chrono::steady_clock::now() + max;
  auto state = detail::start<T>(context, std::move(task));
  while (!state->done && std::chrono::steady_clock::now() < deadline) {
    if (context.run_one_until(deadline) == 0 && context.stopped()) break;
  }
  return detail::take<T>(*state);
}

// Runs `context` until `condition` holds; false when it does not within `max` of real time.
template <class Condition>
[[nodiscard]] bool run_until(boost::asio::io_context& context, Condition condition,
                             std::chrono::steady_clock::duration max = kRunMax) {
  const auto deadline = std::chrono::steady_clock::now() + max;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    context.restart();
    // Short turns, since the condition may come true on another thread.
    context.run_one_for(std::chrono::milliseconds{5});
  }
  return true;
}

}  // namespace mmm::test
