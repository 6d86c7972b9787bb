#pragma once

#include "core/store/log_id.h"

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace mmm::dashboard {

// Events as they were sent: one or several, in the form of text/event-stream.
struct LiveText {
  std::shared_ptr<const std::string> bytes;
  std::size_t events = 0;
};

// The newest events, for clients that come back and name the last one they have seen. Bounded. One thread at a time.
class EventHistory {
 public:
  explicit EventHistory(std::size_t capacity) : capacity_(capacity) {}

  // Forgets everything: what happened up to `covered_from` cannot be told.
  void reset(store::LogId covered_from);
  // An event that happened with record `id`; ids must never fall. `repeatable`: a client may get it twice, since it
  // tells a state and not a change.
  void add(store::LogId id, bool repeatable, std::string text);

  // What a client that has seen everything up to `seen` has missed, as one text. False: the history does not reach back
  // that far, or it is more than `bytes_max`.
  bool missed_since(store::LogId seen, std::size_t bytes_max, LiveText& out) const;

  // The newest id.
  [[nodiscard]] store::LogId last() const { return last_; }

 private:
  struct Event {
    store::LogId id = 0;
    bool repeatable = false;
    std::string text;
  };
  std::size_t capacity_;
  std::deque<Event> events_;
  store::LogId covered_from_ = 0;  // all events above it are here
  store::LogId last_ = 0;
};

}  // namespace mmm::dashboard
