#pragma once

#include "core/base/result.h"
#include "core/base/time.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

namespace mmm::agent::ble {

struct ExchangeTimes {
  // A radio may need a moment until its answer can be read.
  std::chrono::milliseconds empty_read_pause{100};
  int empty_reads_after_write = 5;
  // Notifications get lost: without one it is looked all the same.
  std::chrono::milliseconds poll{30'000};
};

// Decides what to read and write of a radio's characteristics next. A radio gives one message a read and an empty value
// when it has no more; it says that there are some by a notification, which may come late, once for several, or never.
// So everything is read until a read is empty: after each notification, after each write, and from time to time. One
// operation at a time, a radio drops what comes faster. Pure.
class MessageExchange {
 public:
  enum class Step : std::uint8_t { kNothing, kRead, kWrite };

  explicit MessageExchange(ExchangeTimes times = {}) : times_(times) {}

  // For a new connection.
  void reset(SteadyTime now);
  // Queues a message for the radio. kUnavailable: it has not taken those before.
  Result<> send(std::string message);
  // The radio says that there is something to read.
  void notified(SteadyTime now);

  // What to do now; it is under way then, until done with written() or read().
  Step next(SteadyTime now);
  // The message to write.
  [[nodiscard]] const std::string& writing() const { return queue_.front(); }
  void written(SteadyTime now);
  void read(bool empty, SteadyTime now);

  [[nodiscard]] bool under_way() const { return under_way_ != Step::kNothing; }
  // When next() has something new to say at the latest, as long as nothing happens.
  [[nodiscard]] SteadyTime wake() const;

 private:
  ExchangeTimes times_;
  Step under_way_ = Step::kNothing;
  std::deque<std::string> queue_;
  SteadyTime read_at_{};         // when to read next; the poll's time when nothing is expected
  int retries_ = 0;              // empty reads that do not yet mean that there is nothing
  bool notified_since_ = false;  // since the read under way began: its empty value may be older
};

}  // namespace mmm::agent::ble
