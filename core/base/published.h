#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace mmm {

// A value that many threads read and that is replaced as a whole now and then, such as settings that can be reloaded. A
// reader keeps what it got for as long as it needs it, whatever is published meanwhile. Thread-safe.
//
// A lock and not std::atomic<std::shared_ptr>: libstdc++ 12's is a spin lock that the thread sanitizer cannot follow.
template <class T>
class Published {
 public:
  explicit Published(std::shared_ptr<const T> value) : value_(std::move(value)) {}

  [[nodiscard]] std::shared_ptr<const T> get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  void publish(std::shared_ptr<const T> value) {
    const std::lock_guard lock(mutex_);
    value_.swap(value);  // the old one is destroyed after the lock is given back
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace mmm
