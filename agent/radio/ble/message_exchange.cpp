#include "agent/radio/ble/message_exchange.h"

#include "core/base/limits.h"

#include <utility>

namespace mmm::agent::ble {

void MessageExchange::reset(SteadyTime now) {
  under_way_ = Step::kNothing;
  queue_.clear();
  retries_ = 0;
  notified_since_ = false;
  // At once: what a radio has kept since the last connection.
  read_at_ = now;
}

Result<> MessageExchange::send(std::string message) {
  if (queue_.size() >= limits::kBleMessagesWaitingMax) {
    return fail(ErrorKind::kUnavailable, "the radio takes no messages: {} wait for it", queue_.size());
  }
  queue_.push_back(std::move(message));
  return {};
}

void MessageExchange::notified(SteadyTime now) {
  notified_since_ = true;
  if (read_at_ > now) read_at_ = now;
}

MessageExchange::Step MessageExchange::next(SteadyTime now) {
  if (under_way()) return Step::kNothing;
  if (!queue_.empty()) return under_way_ = Step::kWrite;
  if (now < read_at_) return Step::kNothing;
  notified_since_ = false;
  return under_way_ = Step::kRead;
}

void MessageExchange::written(SteadyTime now) {
  under_way_ = Step::kNothing;
  queue_.pop_front();
  retries_ = times_.empty_reads_after_write;
  read_at_ = now;
}

void MessageExchange::read(bool empty, SteadyTime now) {
  under_way_ = Step::kNothing;
  if (!empty || notified_since_) {
    read_at_ = now;
  } else if (retries_ > 0) {
    --retries_;
    read_at_ = now + times_.empty_read_pause;
  } else {
    read_at_ = now + times_.poll;
  }
}

SteadyTime MessageExchange::wake() const {
  if (under_way()) return SteadyTime::max();
  return queue_.empty() ? read_at_ : SteadyTime::min();
}

}  // namespace mmm::agent::ble
