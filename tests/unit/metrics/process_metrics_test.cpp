#include "metrics/process_collector.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace mmm::metrics {
namespace {

std::map<std::string, double> collected() {
  std::map<std::string, double> values;
  for (const auto& family : ProcessCollector().Collect()) {
    const auto& metric = family.metric.at(0);
    values[family.name] = family.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value;
  }
  return values;
}

TEST(ProcessCollector, CountsOpenFiles) {
  const double before = collected().at("process_open_fds");
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  EXPECT_EQ(collected().at("process_open_fds"), before + 2);
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
  EXPECT_EQ(collected().at("process_open_fds"), before);
}

TEST(ProcessCollector, CountsCpuTimeAsTheSystemDoes) {
  rusage used{};
  const auto seconds = [&used] {
    ::getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
  };
  // Enough to be seen in the kernel's ticks of 10 ms.
  while (seconds() < 0.05) {
  }
  const double before = seconds();
  const double counted = collected().at("process_cpu_seconds_total");
  EXPECT_NEAR(counted, before, 0.05);
}

TEST(ProcessCollector, KnowsMemoryThreadsAndStart) {
  const auto values = collected();
  EXPECT_GT(values.at("process_resident_memory_bytes"), 1e5);
  EXPECT_GT(values.at("process_virtual_memory_bytes"), values.at("process_resident_memory_bytes"));
  EXPECT_GE(values.at("process_threads"), 1);
  EXPECT_GT(values.at("process_max_fds"), values.at("process_open_fds"));
  const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_LE(values.at("process_start_time_seconds"), now + 1);
  EXPECT_GT(values.at("process_start_time_seconds"), now - 3600);
}

}  // namespace
}  // namespace mmm::metrics
