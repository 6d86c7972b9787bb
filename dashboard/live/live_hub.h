#pragma once

#include "core/async/time_source.h"
#include "core/base/result.h"
#include "core/http/message.h"
#include "core/store/applied_feed.h"
#include "metrics/registry.h"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace mmm::dashboard {

struct LiveOptions {
  std::filesystem::path index_path;
  // The figures of GET /api/v1/stats as JSON, for the `stats` event.
  std::function<Result<std::string>()> stats;
};

// Tells browsers what the projection has just applied, as server-sent events.
//
// One thread takes the batches of the feed, reads the rows from the index, builds each event once and hands the same
// bytes to every client. A client's coroutine writes them on its connection's thread. A client that reads too slowly
// loses events and is told how many; nobody waits for it.
// Lifecycle: start() -> stop(); stop() blocks until the thread has ended and ends the clients' streams.
// Bounds: limits::kLive*.
class LiveHub {
 public:
  // Fails when the index cannot be opened. `feed`, `registry` and `time` must outlive it, and it the HTTP server.
  static Result<std::unique_ptr<LiveHub>> start(store::AppliedFeed& feed, metrics::Registry& registry,
                                                const TimeSource& time, LiveOptions options);
  ~LiveHub();
  LiveHub(const LiveHub&) = delete;
  LiveHub& operator=(const LiveHub&) = delete;

  // The answer to GET /api/v1/live. `last_event_id` is the header Last-Event-ID. 503 when there are too many clients.
  http::Response open_stream(std::string_view last_event_id);

  [[nodiscard]] std::size_t clients() const;
  void stop();

 private:
  struct Impl;
  explicit LiveHub(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace mmm::dashboard
