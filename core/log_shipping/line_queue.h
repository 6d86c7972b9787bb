#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

namespace mmm::log {

// Lines that wait for a collector: at most so many bytes, beyond which the oldest go and are counted. Thread-safe.
class LineQueue {
 public:
  explicit LineQueue(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // Returns how many lines had to go for it, itself included when it is larger than all.
  std::size_t push(std::string line);

  // The oldest lines, at most about `bytes` of them, as they stand one after another; empty: there are none. They stay
  // until pop().
  std::string peek(std::size_t bytes);
  // Removes what peek() gave. What was dropped meanwhile is not removed twice.
  void pop();
  [[nodiscard]] bool empty() const;

 private:
  mutable std::mutex mutex_;
  const std::size_t bytes_max_;
  std::deque<std::string> lines_;
  std::size_t bytes_ = 0;
  std::size_t peeked_ = 0;  // lines at the front that peek() gave
};

}  // namespace mmm::log
