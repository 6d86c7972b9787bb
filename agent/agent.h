#pragma once

#include "agent/active/active_work.h"
#include "agent/buffer/buffer_service.h"
#include "agent/config.h"
#include "agent/radio/link.h"
#include "agent/report/report_socket.h"
#include "agent/status.h"
#include "agent/upload/uploader.h"
#include "core/async/task_group.h"
#include "core/async/time_source.h"
#include "metrics/registry.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <vector>

namespace mmm::agent {

// One radio with its buffer and its uploads: everything between the line and the servers.
//
// Lifecycle: open() → start() → stop(). Concurrency: one thread, the executor's.
class Agent {
 public:
  // Opens the buffer. `version` is told to the servers. Fails in words when it cannot; a radio or server that is away
  // is no failure.
  static Result<std::unique_ptr<Agent>> open(const Config& config, boost::asio::any_io_executor executor,
                                             TimeSource& time, metrics::Registry& registry, std::string version);
  ~Agent();

  void start();
  // Takes up the servers, their filters and the place of `config`; the link goes on as it is, and so does everything
  // else of the configuration. Uploads that are on their way are sent again. Fails when the buffer cannot be changed;
  // then the servers of before go on. Not while it is at it already, and not after stop().
  boost::asio::awaitable<Result<>> reload(const Config& config);
  // Stops the link, commits what it delivered, offers the rest to the servers once more until `deadline`, and closes
  // the buffer.
  boost::asio::awaitable<void> stop(SteadyTime deadline);

 private:
  Agent(const Config& config, boost::asio::any_io_executor executor, TimeSource& time, metrics::Registry& registry,
        std::string version, BufferOptions buffer_options, std::unique_ptr<Buffer> buffer);
  void add_uploader(std::size_t place);
  void start_uploads();
  [[nodiscard]] upload::UploadHeader header() const;
  boost::asio::awaitable<std::string> report();
  boost::asio::awaitable<void> refresh_metrics();

  Config config_;
  boost::asio::any_io_executor executor_;
  TimeSource& time_;
  metrics::Registry& registry_;
  const std::string version_;
  boost::asio::thread_pool pool_{1};
  std::unique_ptr<BufferService> buffer_;
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<ActiveWork> active_;  // only when something is configured
  std::unique_ptr<RadioLink> link_;
  std::unique_ptr<StatusWriter> status_;
  std::vector<Destination> destinations_;
  std::vector<std::unique_ptr<Uploader>> uploaders_;  // one for each destination, in the same order
  const WallTime started_;
  std::unique_ptr<ReportSocket> report_socket_;  // null: it could not be made
  TaskGroup capture_;                            // link and status: stop first
  TaskGroup storage_;                            // commits
  std::unique_ptr<TaskGroup> uploads_;           // what knows of destinations; made anew by reload()
};

}  // namespace mmm::agent
