#pragma once

#include "core/async/keyed_mutex.h"
#include "core/async/time_source.h"
#include "core/http/message.h"
#include "core/http/router.h"
#include "core/store/log_writer.h"
#include "ingest/access/upload_gate.h"
#include "ingest/python/body.h"
#include "ingest/python/entry_memory.h"
#include "metrics/registry.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace mmm::ingest::python {

// POST /api/agent/{register,data,nodedb,routes}, for agents of the Python version: from their JSON to records in the
// packet log. An answer with status 200 says that all of it is durable. What was sent before is stored once.
//
// Status: 200 with the Python version's answer; otherwise as Receiver's, all as problem documents (these agents look at
// the status only). Concurrency: on any I/O thread; requests of one agent one after the other. What it refers to must
// outlive the HTTP server.
class PythonReceiver {
 public:
  PythonReceiver(store::LogWriter& writer, UploadGate& gate, const TimeSource& time, metrics::Registry& registry);
  ~PythonReceiver();
  PythonReceiver(const PythonReceiver&) = delete;
  PythonReceiver& operator=(const PythonReceiver&) = delete;

  // Before the HTTP server starts: begins to remember what the newest part of the log has, in the background, when
  // an agent of the Python version has sent any of it. Until that is done its uploads are refused with 503. `log` must
  // outlive this.
  Result<> recall(const store::PacketLog& log);
  [[nodiscard]] bool is_recalling() const { return recalling_; }

  // Also under a path with two slashes in front, which these agents ask for when their `url` ends with one. `alive`
  // tells what is wrong with the server, for GET /api/health; empty: nothing.
  void add_routes(http::Router& router, std::function<std::string()> alive);
  boost::asio::awaitable<http::Response> handle(Endpoint endpoint, http::Request& request);

 private:
  struct Probe;
  boost::asio::awaitable<Result<Body>> receive(Endpoint endpoint, http::Request& request);
  boost::asio::awaitable<Result<>> append(const Body& body, std::string_view agent_id, EntryMemory::Selection fresh);

  store::LogWriter& writer_;
  UploadGate& gate_;
  const TimeSource& time_;
  EntryMemory memory_;
  KeyedMutex turns_;
  std::unique_ptr<Probe> probe_;
  std::atomic<bool> recalling_ = false;
  std::atomic<bool> stopping_ = false;
  boost::asio::thread_pool recall_pool_{1};
};

}  // namespace mmm::ingest::python
