#pragma once

#include "core/async/signal.h"
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
  LiveClient(boost::asio::any_io_executor executor, std::size_t bytes_max);

  // False: the client is too slow, and the events are counted as skipped for it.
  bool push(const LiveText& text);
  // Ends the stream after what is queued.
  void close();

  // Everything queued as one text, with a `skipped` event behind it when some were; empty: nothing.
  std::string take();
  [[nodiscard]] bool closed() const;
  Signal& signal() { return signal_; }

 private:
  void wake();

  boost::asio::any_io_executor executor_;
  Signal signal_;
  std::size_t bytes_max_;
  std::atomic<bool> waking_{false};
  mutable std::mutex mutex_;
  std::deque<LiveText> queue_;
  std::size_t bytes_ = 0;
  std::uint64_t skipped_ = 0;
  bool closed_ = false;
};

// One event of text/event-stream. `data` is a line of JSON; `id` 0: the event does not move the client's place.
std::string event_text(std::string_view type, store::LogId id, std::string_view data);

}  // namespace mmm::dashboard
