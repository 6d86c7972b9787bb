#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace mmm::http {

// Bytes that may be held at one time, shared by all connections. Thread-safe.
class ByteBudget {
 public:
  explicit ByteBudget(std::size_t max) : max_(max) {}

  // False, and nothing taken, when that would go over the maximum.
  [[nodiscard]] bool take(std::size_t bytes) {
    std::size_t used = used_.load(std::memory_order_relaxed);
    do {
      if (bytes > max_ - used) return false;
    } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
    return true;
  }
  void give_back(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  const std::size_t max_;
  std::atomic<std::size_t> used_{0};
};

// What one request holds of a budget; gives it back at the end.
class BudgetShare {
 public:
  explicit BudgetShare(ByteBudget& budget) : budget_(budget) {}
  ~BudgetShare() { budget_.give_back(held_); }
  BudgetShare(const BudgetShare&) = delete;
  BudgetShare& operator=(const BudgetShare&) = delete;

  // Holds at least `bytes` from now on. False when the budget has no room.
  [[nodiscard]] bool grow_to(std::size_t bytes) {
    if (bytes <= held_) return true;
    if (!budget_.take(bytes - held_)) return false;
    held_ = bytes;
    return true;
  }
  void release() { budget_.give_back(std::exchange(held_, 0)); }

 private:
  ByteBudget& budget_;
  std::size_t held_ = 0;
};

}  // namespace mmm::http
