#include "dashboard/live/live_client.h"

#include <boost/asio/post.hpp>

#include <utility>

namespace mmm::dashboard {

LiveClient::LiveClient(boost::asio::any_io_executor executor, std::size_t bytes_max,
                       std::shared_ptr<const index::PacketFilter> filter)
    : executor_(std::move(executor)), signal_(executor_), bytes_max_(bytes_max), filter_(std::move(filter)) {}

bool LiveClient::push(const LiveText& text) {
  bool kept = true;
  {
    std::lock_guard lock(mutex_);
    // One text is always taken, or one larger than the bound would never be.
    if (bytes_ > 0 && bytes_ + text.bytes->size() > bytes_max_) {
      skipped_ += text.events;
      kept = false;
    } else {
      queue_.push_back(text);
      bytes_ += text.bytes->size();
    }
  }
  wake();
  return kept;
}

void LiveClient::close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wake();
}

// The signal belongs to the connection's thread. One wake-up under way is enough.
void LiveClient::wake() {
  if (waking_.exchange(true)) return;
  boost::asio::post(executor_, [client = shared_from_this()] {
    client->waking_ = false;
    client->signal_.notify();
  });
}

std::shared_ptr<const std::string> LiveClient::take() {
  std::lock_guard lock(mutex_);
  bytes_ -= std::exchange(writing_, 0);
  if (!queue_.empty()) {
    auto bytes = std::move(queue_.front().bytes);
    queue_.pop_front();
    writing_ = bytes->size();
    return bytes;
  }
  if (skipped_ == 0) return nullptr;
  return std::make_shared<const std::string>(skipped_text(std::exchange(skipped_, 0)));
}

bool LiveClient::closed() const {
  std::lock_guard lock(mutex_);
  return closed_;
}

std::string skipped_text(std::uint64_t events) {
  return event_text(kSkippedEvent, 0, fmt::format("{{\"count\":{}}}", events));
}

std::string event_text(std::string_view type, store::LogId id, std::string_view data) {
  if (id == 0) return fmt::format("event: {}\ndata: {}\n\n", type, data);
  return fmt::format("event: {}\nid: {}\ndata: {}\n\n", type, id, data);
}

}  // namespace mmm::dashboard
