#pragma once

#include "agent/buffer/buffer_service.h"
#include "agent/upload/filter.h"
#include "agent/upload/policy.h"
#include "agent/upload/poster.h"
#include "core/async/time_source.h"
#include "core/upload/upload_codec.h"
#include "metrics/registry.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <prometheus/counter.h>
#include <prometheus/histogram.h>

#include <array>
#include <functional>
#include <memory>
#include <string>

namespace mmm::agent {

struct UploadProbe {
  std::array<prometheus::Counter*, kOutcomes> outcomes;
  prometheus::Histogram* seconds;
  prometheus::Counter* bytes;
  prometheus::Counter* records;

  static UploadProbe make(metrics::Registry& registry, const std::string& server);
};

struct UploaderOptions {
  std::string name;        // of the server, for the log
  std::size_t server = 0;  // its place in the buffer
  std::string api_key;     // empty: none is sent
  RecordFilter filter;
  UploadPolicyOptions policy;
  std::uint64_t seed = 0;
  // A lasting failure is said again after so many further attempts.
  unsigned log_every_failures = 3;
};

// Brings the buffer's records to one server, in order, each acknowledged before its cursor moves. Other servers go on
// whatever happens to this one.
//
// Concurrency: one thread, the executor's. The references must outlive run().
class Uploader {
 public:
  // `header` gives what an upload says about the agent; stream, ledger and time are filled in here.
  Uploader(UploaderOptions options, BufferService& buffer, std::unique_ptr<Poster> poster,
           boost::asio::thread_pool& pool, TimeSource& time, UploadProbe probe,
           std::function<upload::UploadHeader()> header);

  // Runs until it is cancelled.
  boost::asio::awaitable<void> run();
  // Sends what waits without lingering, until nothing waits, the server does not take it, or the deadline has come.
  // For an orderly end, after run() has ended.
  boost::asio::awaitable<void> drain(SteadyTime deadline);

 private:
  boost::asio::awaitable<void> upload_next();
  boost::asio::awaitable<Answer> send(const Batch& batch, const std::vector<upload::RecordView>& records);
  boost::asio::awaitable<void> settle(const Batch& batch, const std::vector<upload::RecordView>& sent, Answer answer);
  boost::asio::awaitable<void> acknowledge(const Batch& batch, Acknowledgement acknowledgement,
                                           std::uint64_t last_sent_seq);
  void say(const Answer& answer, UploadPolicy::Next next, std::size_t records);
  [[nodiscard]] std::uint64_t waiting() const;

  UploaderOptions options_;
  BufferService& buffer_;
  std::unique_ptr<Poster> poster_;
  boost::asio::thread_pool& pool_;
  TimeSource& time_;
  UploadProbe probe_;
  std::function<upload::UploadHeader()> header_;
  UploadPolicy policy_;
  unsigned failures_in_a_row_ = 0;
};

}  // namespace mmm::agent
