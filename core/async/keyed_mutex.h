#pragma once

#include "core/base/result.h"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mmm {

// One coroutine at a time for each key; others of the same key wait in order, on whatever executor they run.
//
// Thread-safe. Bounds: `waiting_max` for each key. A key without coroutines takes no memory. Must outlive its tickets,
// as must the contexts of all that wait: the one that leaves posts to the next one's.
class KeyedMutex {
  struct Waiter;

 public:
  explicit KeyedMutex(std::size_t waiting_max) : waiting_max_(waiting_max) {}
  KeyedMutex(const KeyedMutex&) = delete;
  KeyedMutex& operator=(const KeyedMutex&) = delete;

  // Holds the key until it is destroyed; then the next one has it.
  class Ticket {
   public:
    Ticket(Ticket&& other) noexcept = default;
    Ticket& operator=(Ticket&&) = delete;
    ~Ticket();

   private:
    friend KeyedMutex;
    Ticket(KeyedMutex& mutex, std::shared_ptr<Waiter> waiter) : mutex_(&mutex), waiter_(std::move(waiter)) {}
    KeyedMutex* mutex_;
    std::shared_ptr<Waiter> waiter_;  // null: moved from
  };

  // Fails with kUnavailable when too many wait already, and kTimeout when it is not its turn within `wait_max`. Can be
  // cancelled.
  boost::asio::awaitable<Result<Ticket>> lock(std::string_view key, std::chrono::steady_clock::duration wait_max);

 private:
  void leave(const std::shared_ptr<Waiter>& waiter);

  const std::size_t waiting_max_;
  std::mutex mutex_;
  // The first of each queue holds the key. Guarded by mutex_.
  std::unordered_map<std::string, std::deque<std::shared_ptr<Waiter>>> queues_;
};

}  // namespace mmm
