#include "perf/sim/load/load_report.h"

#include "perf/sim/json_text.h"

#include <fmt/format.h>

#include <iterator>

namespace mmm::sim {
namespace {

double milliseconds(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

}  // namespace

std::string LoadReport::text() const {
  const double mib = static_cast<double>(bytes) / (1024 * 1024);
  std::string out = fmt::format(
      "records    {} in {:.2f} s: {:.0f}/s\nuploads    {}: {:.0f}/s, {:.1f} MiB/s\n"
      "latency    p50 {:.2f} ms, p90 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms\n"
      "server     stored {}, duplicates {}, refused {}{}\n"
      "generator  {:.2f} s of CPU, {:.2f} of a core, {:.3f} µs a record\n",
      records, seconds, records_per_second(), uploads, uploads_per_second(), seconds > 0 ? mib / seconds : 0,
      milliseconds(latency.percentile(0.5)), milliseconds(latency.percentile(0.9)),
      milliseconds(latency.percentile(0.99)), milliseconds(latency.max()), stored, duplicates, refused,
      not_durable == 0 ? std::string() : fmt::format(", NOT DURABLE {}", not_durable), cpu_seconds,
      seconds > 0 ? cpu_seconds / seconds : 0, records > 0 ? cpu_seconds * 1e6 / static_cast<double>(records) : 0);
  for (const auto& [what, count] : errors) fmt::format_to(std::back_inserter(out), "error      {}: {}\n", what, count);
  if (!last_problem.empty()) fmt::format_to(std::back_inserter(out), "           last: {}\n", last_problem);
  return out;
}

std::string LoadReport::json() const {
  std::string out = fmt::format(
      R"({{"records":{},"uploads":{},"seconds":{:.6f},"records_per_second":{:.1f},"uploads_per_second":{:.1f},)"
      R"("bytes":{},"stored":{},"duplicates":{},"refused":{},"not_durable":{},)"
      R"("latency_us":{{"p50":{},"p90":{},"p99":{},"max":{},"mean":{:.1f}}},)"
      R"("cpu_seconds":{:.6f},"errors":{{)",
      records, uploads, seconds, records_per_second(), uploads_per_second(), bytes, stored, duplicates, refused,
      not_durable, latency.percentile(0.5).count(), latency.percentile(0.9).count(), latency.percentile(0.99).count(),
      latency.max().count(), latency.mean_us(), cpu_seconds);
  bool first = true;
  for (const auto& [what, count] : errors) {
    fmt::format_to(std::back_inserter(out), "{}{}:{}", first ? "" : ",", json_text(what), count);
    first = false;
  }
  return out + fmt::format(R"(}},"last_problem":{}}})", json_text(last_problem));
}

}  // namespace mmm::sim
