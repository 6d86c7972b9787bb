#pragma once

#include "core/async/time_source.h"
#include "core/base/result.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <exception>
#include <optional>
#include <utility>

namespace mmm {

namespace detail {

template <class T>
boost::asio::awaitable<void> keep_result(boost::asio::awaitable<Result<T>> operation, std::optional<Result<T>>& out) {
  out.emplace(co_await std::move(operation));
}

}  // namespace detail

// Awaits `operation`, at most until `deadline` of `time`: then the operation is cancelled, waited for, and the result
// is a failure of kind kTimeout. What it completed with nevertheless is returned, never dropped. `operation` must
// honour cancellation, or the deadline has no effect. Cancelling the caller cancels the operation.
template <class T>
boost::asio::awaitable<Result<T>> with_deadline(TimeSource& time, SteadyTime deadline,
                                                boost::asio::awaitable<Result<T>> operation) {
  namespace asio = boost::asio;
  const auto executor = co_await asio::this_coro::executor;
  std::optional<Result<T>> result;
  auto group = asio::experimental::make_parallel_group(
      asio::co_spawn(executor, detail::keep_result<T>(std::move(operation), result), asio::deferred),
      asio::co_spawn(executor, time.sleep_until(deadline), asio::deferred));
  const auto outcome = co_await group.async_wait(asio::experimental::wait_for_one(asio::cancellation_type::terminal),
                                                 asio::use_awaitable);
  const std::array<std::size_t, 2>& order = std::get<0>(outcome);
  const std::exception_ptr& operation_failure = std::get<1>(outcome);
  const std::exception_ptr& sleep_failure = std::get<2>(outcome);
  const bool expired = order[0] == 1 && !sleep_failure;
  const bool cut = !result || (!*result && result->error().kind == ErrorKind::kCancelled);
  if (expired && cut) co_return fail(ErrorKind::kTimeout, "not finished within its time");
  if (operation_failure) std::rethrow_exception(operation_failure);
  co_return std::move(*result);
}

}  // namespace mmm
