#pragma once

#include "perf/sim/load/latency_histogram.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace mmm::sim {

// What a load run has measured.
struct LoadReport {
  std::uint64_t records = 0;  // in uploads that were answered 200
  std::uint64_t uploads = 0;  // answered 200
  std::uint64_t bytes = 0;    // bodies of those, as sent
  std::uint64_t stored = 0;   // as the server says
  std::uint64_t duplicates = 0;
  std::uint64_t refused = 0;
  std::uint64_t not_durable = 0;  // uploads answered 200 whose last record the answer does not cover
  LatencyHistogram latency;       // from when an upload was due to its answer
  // Uploads that failed, by HTTP status ("503") or by kind ("unavailable", "closed", …); each was tried again.
  std::map<std::string, std::uint64_t> errors;
  std::string last_problem;  // what the last failed one said
  double seconds = 0;
  double cpu_seconds = 0;  // of the generator itself

  [[nodiscard]] double records_per_second() const { return seconds > 0 ? static_cast<double>(records) / seconds : 0; }
  [[nodiscard]] double uploads_per_second() const { return seconds > 0 ? static_cast<double>(uploads) / seconds : 0; }
  // For people, several lines.
  [[nodiscard]] std::string text() const;
  // One JSON object on one line.
  [[nodiscard]] std::string json() const;
};

}  // namespace mmm::sim
