#pragma once

#include "core/async/time_source.h"
#include "core/base/limits.h"
#include "core/base/result.h"
#include "core/store/log_id.h"
#include "core/store/packet_log.h"
#include "core/store/stream_census.h"
#include "core/upload/upload_codec.h"
#include "metrics/registry.h"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace mmm::store {

// An upload that was received and scanned, on its way to the log. Owns its bytes; not moved once scanned.
struct PendingUpload {
  std::string body;             // UploadRequest
  std::string compressed_body;  // the same as one zstd frame when it came so; else empty
  upload::UploadView view;      // into body

  // Fails as upload::scan_upload does.
  static Result<std::unique_ptr<PendingUpload>> scan(std::string body, std::string compressed_body);
};

// What became of an upload; everything in it is durable.
struct AppendOutcome {
  LogId first_id = 0;             // 0: nothing was new
  std::uint64_t durable_seq = 0;  // the stream's high-water mark, or the upload's last seq when that one is refused
  std::uint32_t stored = 0;
  std::uint32_t duplicates = 0;
};

struct LogWriterOptions {
  std::size_t queue_uploads_max = limits::kLogQueueUploadsMax;
  std::size_t queue_bytes_max = limits::kLogQueueBytesMax;
  std::size_t group_bytes_max = limits::kLogGroupBytesMax;
  CensusLimits census{
      .agents = limits::kAgentsMax, .streams_per_agent = limits::kStreamsPerAgentMax, .streams = limits::kStreamsMax};
  // Below this many free bytes uploads are refused with kDiskFull, so that RocksDB never meets a full disk.
  std::uint64_t free_bytes_min = limits::kLogFreeBytesMin;
  // Free bytes of the log's file system. Empty: nobody watches.
  std::function<Result<std::uint64_t>()> free_bytes;
  // Called once, on the writer's thread, when the log can take no further write: the program should end.
  std::function<void(const Error&)> on_failure;
};

// The one writer of the packet log: a thread with group commit. It takes what is queued, drops what the streams' marks
// say is already there, gives out ids, writes once, syncs once and then answers all.
//
// Lifecycle: constructed -> start() -> stop(). stop() writes what is queued, blocks until the thread has ended, and is
// idempotent; call it while the callers' io_contexts still exist.
// Concurrency: append() from any thread; its result comes back on the caller's executor.
// Bounds: queue_uploads_max and queue_bytes_max, beyond which append() fails with kUnavailable at once.
class LogWriter {
 public:
  // `log`, `time` and `registry` must outlive it.
  LogWriter(PacketLog& log, const TimeSource& time, metrics::Registry& registry, LogWriterOptions options);
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  // Called on the writer's thread after each sync with the last durable id. Before start(), must not block.
  void on_durable(std::function<void(LogId)> callback);
  void start();
  void stop();

  // Completes when the upload is durable, or known not to be: kDiskFull and kUnavailable (nothing of it is stored, try
  // again later), kTooMany (as StreamCensus::admit; nothing of it is stored), kIo (the log has failed), kClosed
  // (stopped).
  boost::asio::awaitable<Result<AppendOutcome>> append(std::unique_ptr<PendingUpload> upload);

  // True once a write or sync has failed for good: nothing is acknowledged any more.
  [[nodiscard]] bool failed() const;
  // What is wrong, for a person: it has failed, or the disk has been at a write for limits::kLogStalled. Empty:
  // nothing.
  [[nodiscard]] std::string trouble() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmm::store
