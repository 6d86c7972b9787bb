#include "metrics/process_collector.h"

#include "metrics/catalog_common.h"
#include "metrics/families.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace mmm::metrics {
namespace {

std::string first_line(const char* path) {
  std::ifstream stream(path);
  std::string line;
  std::getline(stream, line);
  return line;
}

// The fields of /proc/self/stat behind the program's name, which may hold spaces and parentheses itself. Field n of
// proc(5) stands at n - 3.
std::vector<double> stat_fields() {
  const std::string line = first_line("/proc/self/stat");
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream rest(line.substr(name_end + 1));
  std::string state;
  rest >> state;
  std::vector<double> fields{0};
  for (double value = 0; rest >> value;) fields.push_back(value);
  return fields;
}

// When the machine was started, seconds since the epoch; 0 when unknown.
double boot_seconds() {
  std::ifstream stream("/proc/stat");
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("btime ")) return std::stod(line.substr(6));
  }
  return 0;
}

constexpr std::size_t kUserTime = 14 - 3;
constexpr std::size_t kSystemTime = 15 - 3;
constexpr std::size_t kThreads = 20 - 3;
constexpr std::size_t kStartTime = 22 - 3;  // in ticks since the machine's start
constexpr std::size_t kVirtualBytes = 23 - 3;
constexpr std::size_t kResidentPages = 24 - 3;

double ticks_a_second() {
  return static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::optional<ProcessUsage> usage_of(const std::vector<double>& fields) {
  if (fields.size() <= kResidentPages) return std::nullopt;
  return ProcessUsage{.cpu_seconds = (fields[kUserTime] + fields[kSystemTime]) / ticks_a_second(),
                      .resident_bytes = fields[kResidentPages] * static_cast<double>(::sysconf(_SC_PAGESIZE))};
}

void add_stat(Families& families) {
  const auto fields = stat_fields();
  const auto usage = usage_of(fields);
  if (!usage) return;
  families.add(common::kProcessCpuSeconds, usage->cpu_seconds);
  families.add(common::kProcessResidentBytes, usage->resident_bytes);
  families.add(common::kProcessVirtualBytes, fields[kVirtualBytes]);
  families.add(common::kProcessThreads, fields[kThreads]);
  if (const double boot = boot_seconds(); boot > 0) {
    families.add(common::kProcessStartSeconds, boot + fields[kStartTime] / ticks_a_second());
  }
}

void add_files(Families& families) {
  std::error_code error;
  double open = 0;
  std::filesystem::directory_iterator files("/proc/self/fd", error);
  for (; !error && files != std::filesystem::directory_iterator{}; files.increment(error)) ++open;
  // Without the one that the counting itself has open.
  if (!error && open > 0) families.add(common::kProcessOpenFds, open - 1);
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    families.add(common::kProcessMaxFds, static_cast<double>(limit.rlim_cur));
  }
}

}  // namespace

std::optional<ProcessUsage> process_usage() {
  return usage_of(stat_fields());
}

std::vector<prometheus::MetricFamily> ProcessCollector::Collect() const {
  Families families;
  add_stat(families);
  add_files(families);
  return families.take();
}

}  // namespace mmm::metrics
