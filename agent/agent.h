#pragma once

#include "agent/config.h"
#include "agent/report/report_socket.h"
#include "agent/station.h"
#include "core/async/task_group.h"
#include "core/async/time_source.h"
#include "metrics/registry.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <vector>

namespace mmm::agent {

// The agent: a station for each radio, and what tells how they are.
//
// Lifecycle: open() → start() → stop(). Concurrency: one thread, the executor's.
class Agent {
 public:
  // Opens the buffers. `version` is told to the servers. Fails in words when one cannot be; a radio or server that is
  // away is no failure.
  static Result<std::unique_ptr<Agent>> open(const Config& config, boost::asio::any_io_executor executor,
                                             TimeSource& time, metrics::Registry& registry, std::string version);

  void start();
  // Takes up the servers, their filters and the place of `config`; the links go on as they are, and so does everything
  // else of the configuration. Fails when a buffer cannot be changed; then the servers of before go on there. Not while
  // it is at it already, and not after stop().
  boost::asio::awaitable<Result<>> reload(const Config& config);
  // Stops all stations side by side; what they have left is offered to the servers until `deadline`.
  boost::asio::awaitable<void> stop(SteadyTime deadline);

 private:
  Agent(const Config& config, boost::asio::any_io_executor executor, TimeSource& time, metrics::Registry& registry,
        std::string version);
  void start_report();
  boost::asio::awaitable<void> stop_report();
  boost::asio::awaitable<std::string> report();

  Config config_;
  StationContext context_;
  const WallTime started_;
  std::vector<std::unique_ptr<Station>> stations_;  // in the configuration's order
  std::unique_ptr<ReportSocket> report_socket_;     // null: it could not be made
  std::unique_ptr<TaskGroup> reporting_;
};

}  // namespace mmm::agent
