#pragma once

#include "core/async/task_group.h"
#include "core/async/time_source.h"
#include "core/base/result.h"
#include "perf/sim/radio/port_options.h"
#include "perf/sim/radio/radio.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mmm::sim {

struct SimulationOptions {
  WorldOptions world;
  std::vector<PortOptions> ports;  // one a radio
  FaultOptions faults;
  // Packets of the mesh in a second of real time; 0: as fast as the clients read.
  double rate = 0.5;
  // Seconds of the world's clock in a second of real time.
  double time_scale = 1;
  std::uint64_t packets = 0;  // generate so many, then only answer; 0: for ever
  bool start_when_connected = false;
  bool deliver_foreign = true;
  ClientPackets client_packets = {};
};

// One mesh, its radios and their lines: makes packets at the rate asked for and lets the radios hear them.
class Simulation {
 public:
  Simulation(boost::asio::any_io_executor executor, TimeSource& time, SimulationOptions options, Truth& truth);
  ~Simulation();

  // Opens the radios' ports. Fails with what the first bad one says.
  Result<> open();
  void start();
  // Ends the sessions, so that clients can read what was written, and all tasks; writes the summary.
  boost::asio::awaitable<void> stop();

  // Completes when the packets asked for were generated and every client past its configuration has them.
  boost::asio::awaitable<void> wait_until_done();
  // Completes when request_stop() was called, with `when_done` also as wait_until_done() does.
  boost::asio::awaitable<void> wait_for_end(bool when_done);
  void request_stop();

  [[nodiscard]] std::vector<std::string> port_names() const;
  [[nodiscard]] std::uint64_t generated() const { return generated_; }
  [[nodiscard]] const World& world() const { return world_; }

 private:
  boost::asio::awaitable<void> generate();
  boost::asio::awaitable<void> answer();
  boost::asio::awaitable<void> pace();
  void deliver(const Transmission& transmission);
  [[nodiscard]] bool all_ready() const;
  [[nodiscard]] bool room_everywhere() const;
  [[nodiscard]] bool drained() const;

  SimulationOptions options_;
  TimeSource& time_;
  Truth& truth_;
  boost::asio::any_io_executor executor_;
  World world_;
  Wakeup progress_;
  Wakeup client_sent_;
  std::vector<std::unique_ptr<Radio>> radios_;
  std::vector<std::unique_ptr<FaultInjector>> faults_;
  std::vector<std::unique_ptr<Port>> ports_;
  TaskGroup tasks_;
  std::uint64_t generated_ = 0;
  bool finished_ = false;
  bool stop_requested_ = false;
  SteadyTime started_{};
  std::int64_t world_started_us_ = 0;
};

}  // namespace mmm::sim
