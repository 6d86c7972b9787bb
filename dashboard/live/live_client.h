#pragma once

#include "core/async/signal.h"
#include "core/store/index/packet_filter.h"
#include "dashboard/live/event_history.h"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

namespace mmm::dashboard {

// The queue between the hub's thread and one browser's connection. What the browser does not read in time is counted
// instead of kept; the texts are shared between all clients.
//
// push() and close() from the hub's thread; the rest on the connection's.
class LiveClient : public std::enable_shared_from_this<LiveClient> {
 public:
  // `filter` null: of everything.
  LiveClient(boost::asio::any_io_executor executor, std::size_t bytes_max,
             std::shared_ptr<const index::PacketFilter> filter = nullptr);

  // False: the client is too slow, and the events are counted as skipped for it.
  bool push(const LiveText& text);
  // Ends the stream after what is queued.
  void close();

  // The next piece to write, or, when no piece is queued and some were skipped, an event that says so; null: nothing.
  // Until the next call it still counts as queued.
  std::shared_ptr<const std::string> take();
  [[nodiscard]] bool closed() const;
  Signal& signal() { return signal_; }
  [[nodiscard]] const index::PacketFilter* filter() const { return filter_.get(); }

 private:
  void wake();

  boost::asio::any_io_executor executor_;
  Signal signal_;
  std::size_t bytes_max_;
  std::shared_ptr<const index::PacketFilter> filter_;
  std::atomic<bool> waking_{false};
  mutable std::mutex mutex_;
  std::deque<LiveText> queue_;
  std::size_t bytes_ = 0;    // queued and being written
  std::size_t writing_ = 0;  // of those, being written
  std::uint64_t skipped_ = 0;
  bool closed_ = false;
};

inline constexpr const char* kSkippedEvent = "skipped";
// The event that says how many others a client did not get.
std::string skipped_text(std::uint64_t events);

// One event of text/event-stream. `data` is a line of JSON; `id` 0: the event does not move the client's place.
std::string event_text(std::string_view type, store::LogId id, std::string_view data);

}  // namespace mmm::dashboard
