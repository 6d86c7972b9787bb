#pragma once

#include "perf/ingest/ceiling.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mmm::perf {

struct LoadPlan {
  std::uint16_t port = 0;
  std::string key;
  unsigned connections = 32;
  std::size_t records = 500;  // in each upload
  std::chrono::milliseconds duration{1000};
};

struct LoadResult {
  Throughput throughput;             // without CPU time
  std::vector<double> latencies_ms;  // of each upload, rising
};

// Plays a fleet of agents against a server on this machine: each has a connection and one upload outstanding, and sends
// the next one when the last is acknowledged. One thread, raw sockets, bodies made in place: what it costs is what is
// missing for the server. Every answer is checked; anything but a full acknowledgement ends the program.
LoadResult run_load(const LoadPlan& plan);

}  // namespace mmm::perf
