#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

namespace mmm {

namespace detail {
inline std::atomic<std::uint64_t> offloads_in_flight{0};
}  // namespace detail

// The callables given to offload() in this process whose caller has not been told to go on yet. Once it is read as 0,
// no pool resumes anybody until something is offloaded again: virtual time may jump.
inline std::uint64_t offloads_in_flight() {
  return detail::offloads_in_flight.load(std::memory_order_acquire);
}

// Runs a blocking callable on `pool` and resumes the caller on its own executor with what it returned. The callable and
// everything it refers to must live until then: cancellation does not interrupt it. It must not throw.
//
//   auto job = [this, key] { return read(key); };
//   auto row = co_await offload(pool_, std::move(job));
template <class Callable>
boost::asio::awaitable<std::invoke_result_t<Callable&>> offload(boost::asio::thread_pool& pool, Callable callable) {
  namespace asio = boost::asio;
  using Value = std::invoke_result_t<Callable&>;
  if constexpr (std::is_void_v<Value>) {
    auto initiate = [&pool, &callable](auto handler) {
      auto executor = asio::get_associated_executor(handler);
      auto work = asio::make_work_guard(executor);
      detail::offloads_in_flight.fetch_add(1, std::memory_order_relaxed);
      asio::post(pool, [&callable, handler = std::move(handler), work = std::move(work), executor]() mutable {
        callable();
        asio::post(executor, [handler = std::move(handler)]() mutable { std::move(handler)(); });
        detail::offloads_in_flight.fetch_sub(1, std::memory_order_release);
      });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiate, asio::use_awaitable);
  } else {
    std::optional<Value> value;
    auto wrapped = [&callable, &value] { value.emplace(callable()); };
    co_await offload(pool, std::move(wrapped));
    co_return std::move(*value);
  }
}

}  // namespace mmm
