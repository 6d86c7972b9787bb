#pragma once

#include "core/async/time_source.h"
#include "core/http/message.h"
#include "core/http/router.h"
#include "core/store/log_writer.h"
#include "ingest/access/upload_gate.h"
#include "ingest/carried_metrics.h"
#include "metrics/registry.h"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace mmm::ingest {

// What is answered when an upload is not taken: a problem document with the status that the failure stands for.
http::Response error_response(const Error& error);

// POST /api/v1/ingest: from a request to an acknowledgement. Checks the key, the form and the limits, hands the upload
// to the log's writer and answers when it is durable.
//
// Status: 200 with an UploadResponse; 400 not an upload; 401 no or unknown key; 403 another agent's key; 413 too large;
// 415 another content type or encoding; 422 the records' order is wrong; 429 and 503 with Retry-After: over a limit, or
// the log cannot take it now, and nothing of it is stored. Every error is a problem document.
//
// Concurrency: handle() runs on any I/O thread; what it refers to must outlive the HTTP server.
class Receiver {
 public:
  // `agents_max` as of Freshness.
  Receiver(store::LogWriter& writer, UploadGate& gate, const TimeSource& time, metrics::Registry& registry,
           std::size_t agents_max);
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  void add_routes(http::Router& router);
  // What agents tell with their uploads, for the metrics endpoint.
  [[nodiscard]] std::shared_ptr<CarriedMetrics> carried_metrics() const { return carried_; }
  boost::asio::awaitable<http::Response> handle(http::Request& request);

 private:
  struct Probe;
  boost::asio::awaitable<http::Response> receive(http::Request& request);

  store::LogWriter& writer_;
  UploadGate& gate_;
  const TimeSource& time_;
  std::unique_ptr<Probe> probe_;
  std::shared_ptr<CarriedMetrics> carried_;
};

}  // namespace mmm::ingest
