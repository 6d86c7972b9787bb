#include "dashboard/live/event_history.h"

#include "core/base/check.h"

namespace mmm::dashboard {

void EventHistory::reset(store::LogId covered_from) {
  events_.clear();
  covered_from_ = covered_from;
  last_ = covered_from;
}

void EventHistory::add(store::LogId id, bool repeatable, std::string text) {
  if (events_.size() >= capacity_) {
    covered_from_ = std::max(covered_from_, events_.front().id);
    events_.pop_front();
  }
  MMM_CHECK(id >= last_);
  last_ = id;
  events_.push_back({.id = id, .repeatable = repeatable, .text = std::move(text)});
}

bool EventHistory::missed_since(store::LogId seen, std::size_t bytes_max, LiveText& out) const {
  if (seen < covered_from_ || seen > last_) return false;
  auto first = std::ranges::lower_bound(events_, seen, {}, &Event::id);
  std::string text;
  out.events = 0;
  for (; first != events_.end(); ++first) {
    // Of the record itself: the client has its event, but perhaps not what followed from it.
    if (first->id == seen && !first->repeatable) continue;
    if (text.size() + first->text.size() > bytes_max) return false;
    text += first->text;
    ++out.events;
  }
  out.bytes = std::make_shared<const std::string>(std::move(text));
  return true;
}

}  // namespace mmm::dashboard
