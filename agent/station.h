#pragma once

#include "agent/active/active_work.h"
#include "agent/buffer/buffer_service.h"
#include "agent/config.h"
#include "agent/radio/link.h"
#include "agent/radio/link_probe.h"
#include "agent/report/report.h"
#include "agent/status.h"
#include "agent/upload/uploader.h"
#include "core/async/task_group.h"
#include "core/async/time_source.h"
#include "metrics/registry.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace mmm::agent {

// What the stations of one agent share. It must outlive them.
struct StationContext {
  boost::asio::any_io_executor executor;
  TimeSource& time;
  metrics::Registry& registry;
  // For the servers: the agent's name, version, place, and the names of all its radios.
  upload::UploadHeader header;
};

// One radio with its buffer and its uploads: everything between the line and the servers. Its buffer is a stream of its
// own.
//
// Lifecycle: open() → start() → stop(). Concurrency: one thread, the executor's.
class Station {
 public:
  // Opens the buffer. Fails in words when it cannot; a radio or server that is away is no failure.
  static Result<std::unique_ptr<Station>> open(const Config& config, const RadioConfig& radio,
                                               const StationContext& context);
  ~Station();

  void start();
  // Takes up the servers and their filters; the link goes on as it is. Uploads that are on their way are sent again.
  // Fails when the buffer cannot be changed; then the servers of before go on. Not while it is at it already, and not
  // after stop().
  boost::asio::awaitable<Result<>> reload(const std::vector<ServerConfig>& servers);
  // Stops the link, commits what it delivered, offers the rest to the servers once more until `deadline`, and closes
  // the buffer.
  boost::asio::awaitable<void> stop(SteadyTime deadline);

  // How it is. Not while reload() or stop() is at it.
  boost::asio::awaitable<RadioReport> report();

 private:
  Station(const Config& config, const RadioConfig& radio, const StationContext& context, BufferOptions buffer_options,
          std::unique_ptr<Buffer> buffer);
  void add_uploader(std::size_t place);
  void start_uploads();
  // For an upload to the destination of that place.
  upload::UploadHeader header(std::size_t place);
  [[nodiscard]] upload::AgentFigures figures(std::size_t place) const;
  boost::asio::awaitable<void> refresh_metrics();

  const StationContext& context_;
  const RadioConfig radio_;
  const std::chrono::milliseconds buffer_age_max_;
  const std::string log_prefix_;  // tells the radios of one agent apart; empty when there is but one
  boost::asio::thread_pool pool_{1};
  std::unique_ptr<BufferService> buffer_;
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<ActiveWork> active_;  // only when something is configured
  const LinkProbe link_probe_;
  std::unique_ptr<RadioLink> link_;
  std::unique_ptr<StatusWriter> status_;
  std::vector<Destination> destinations_;
  std::vector<SteadyTime> figures_due_;               // of each: when an upload carries figures again
  std::vector<std::unique_ptr<Uploader>> uploaders_;  // one for each destination, in the same order
  TaskGroup capture_;                                 // link and status: stop first
  TaskGroup storage_;                                 // commits
  std::unique_ptr<TaskGroup> uploads_;                // what knows of destinations; made anew by reload()
};

}  // namespace mmm::agent
