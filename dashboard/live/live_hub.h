#pragma once

#include "core/async/time_source.h"
#include "core/base/result.h"
#include "core/http/message.h"
#include "core/store/applied_feed.h"
#include "core/store/index/index_reader.h"
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
  // The figures of GET /api/v1/stats as JSON, for the `stats` event; called on the hub's thread.
  std::function<Result<std::string>(index::IndexReader&)> stats;
};

// Tells browsers what the projection has just applied, as server-sent events.
//
// One thread takes the batches of the feed, reads the rows from the index, builds each event once and hands the same
// bytes to every client with the same filter. A client's coroutine writes them on its connection's thread. A client
// that reads too slowly loses events and is told how many; nobody waits for it. Lifecycle: start() -> stop(). Bounds:
// limits::kLive*.
class LiveHub {
 public:
  // Fails when the index cannot be opened. `feed`, `registry` and `time` must outlive it, and it the HTTP server.
  static Result<std::unique_ptr<LiveHub>> start(store::AppliedFeed& feed, metrics::Registry& registry, TimeSource& time,
                                                LiveOptions options);
  ~LiveHub();
  LiveHub(const LiveHub&) = delete;
  LiveHub& operator=(const LiveHub&) = delete;

  // The answer to GET /api/v1/live. `last_event_id` is the header Last-Event-ID. With a filter only packets for which
  // it holds are told. 503 when there are too many clients, or too many different filters. Any thread.
  http::Response open_stream(std::string_view last_event_id, index::PacketFilter filter = {});

  // Blocks until the hub's thread has ended; the clients' streams end soon after.
  void stop();

 private:
  struct Impl;
  explicit LiveHub(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace mmm::dashboard
