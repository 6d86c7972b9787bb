#include "dashboard/live/event_history.h"

#include "core/base/check.h"

namespace mmm::dashboard {

void EventHistory::reset(store::LogId covered_from) {
  events_.clear();
  covered_from_ = covered_from;
  last_ = covered_from;
}

void EventHistory::add(BuiltEvent event) {
  if (events_.size() >= capacity_) {
    covered_from_ = std::max(covered_from_, events_.front().id);
    events_.pop_front();
  }
  MMM_CHECK(event.id >= last_);
  last_ = event.id;
  events_.push_back(std::move(event));
}

bool EventHistory::missed_since(store::LogId seen, const index::PacketFilter* filter, std::size_t bytes_max,
                                LiveText& out) const {
  if (seen < covered_from_ || seen > last_) return false;
  auto first = std::ranges::lower_bound(events_, seen, {}, &BuiltEvent::id);
  std::string text;
  out.events = 0;
  for (; first != events_.end(); ++first) {
    // Of the record itself: the client has its event, but perhaps not what followed from it.
    if (first->id == seen && !first->repeatable) continue;
    const std::string* sent = text_for(*first, filter);
    if (sent == nullptr) continue;
    if (text.size() + sent->size() > bytes_max) return false;
    text += *sent;
    ++out.events;
  }
  out.bytes = std::make_shared<const std::string>(std::move(text));
  return true;
}

}  // namespace mmm::dashboard
