#include "core/log_shipping/line_queue.h"

#include <utility>

namespace mmm::log {

std::size_t LineQueue::push(std::string line) {
  std::lock_guard lock(mutex_);
  bytes_ += line.size();
  lines_.push_back(std::move(line));
  std::size_t dropped = 0;
  while (bytes_ > bytes_max_) {
    bytes_ -= lines_.front().size();
    lines_.pop_front();
    if (peeked_ > 0) --peeked_;
    ++dropped;
  }
  return dropped;
}

std::string LineQueue::peek(std::size_t bytes) {
  std::lock_guard lock(mutex_);
  std::string text;
  peeked_ = 0;
  for (const std::string& line : lines_) {
    if (!text.empty() && text.size() + line.size() > bytes) break;
    text += line;
    ++peeked_;
  }
  return text;
}

void LineQueue::pop() {
  std::lock_guard lock(mutex_);
  for (; peeked_ > 0; --peeked_) {
    bytes_ -= lines_.front().size();
    lines_.pop_front();
  }
}

bool LineQueue::empty() const {
  std::lock_guard lock(mutex_);
  return lines_.empty();
}

}  // namespace mmm::log
