#pragma once

#include "core/store/index/packet_filter.h"
#include "core/store/log_id.h"
#include "dashboard/live/event_builder.h"

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
  // Ids must never fall.
  void add(BuiltEvent event);

  // What a client that has seen everything up to `seen` has missed, as one text. `filter` null: of everything. False:
  // the history does not reach back that far, or it is more than `bytes_max`.
  bool missed_since(store::LogId seen, const index::PacketFilter* filter, std::size_t bytes_max, LiveText& out) const;

  // The newest id.
  [[nodiscard]] store::LogId last() const { return last_; }

 private:
  std::size_t capacity_;
  std::deque<BuiltEvent> events_;
  store::LogId covered_from_ = 0;  // all events above it are here
  store::LogId last_ = 0;
};

}  // namespace mmm::dashboard
