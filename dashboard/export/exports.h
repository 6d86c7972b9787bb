#pragma once

#include "core/async/time_source.h"
#include "core/http/message.h"
#include "dashboard/api/reader_pool.h"
#include "dashboard/export/export_source.h"
#include "metrics/registry.h"

#include <atomic>
#include <memory>
#include <string>

namespace mmm::dashboard {

struct ExportFile {
  std::string name;          // what browsers save it as
  std::string content_type;  // of the bytes before compression
  bool gzip = false;
};

// Sends exports of any length in constant memory: a piece is read on the readers' threads, then sent, then the next.
// A client that does not read is cut off by the server's write timeout, one that goes away ends its export.
//
// Any I/O thread. Bounds: limits::kExportsMax at one time, limits::kExport*.
class Exports {
 public:
  // The references must outlive it, and it the HTTP server.
  Exports(ReaderPool& readers, TimeSource& time, metrics::Registry& registry);

  // The response that sends what the source gives; 503 when there are too many.
  http::Response open(std::unique_ptr<ExportSource> source, ExportFile file);

 private:
  class Place;
  class Ending;
  struct Running;
  struct Probe {
    explicit Probe(metrics::Registry& registry);
    prometheus::Counter& whole;
    prometheus::Counter& cut;
    prometheus::Counter& failed;
    prometheus::Counter& refused;
    prometheus::Counter& bytes;
  };
  boost::asio::awaitable<void> send(std::shared_ptr<Running> running, http::StreamWriter& writer);
  boost::asio::awaitable<Result<>> next_piece(std::shared_ptr<Running> running);

  ReaderPool& readers_;
  TimeSource& time_;
  Probe probe_;
  std::atomic<std::size_t> open_{0};
};

}  // namespace mmm::dashboard
