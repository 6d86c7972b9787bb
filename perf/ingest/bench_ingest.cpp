// How fast durable ingest is, against what RocksDB alone can do with the same chunks in the same minutes.
// perf/README.md says how to run it and what it must show.

#include "perf/ingest/ceiling.h"
#include "perf/ingest/cpu_time.h"
#include "perf/ingest/load.h"
#include "perf/ingest/server_process.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace mmm::perf {
namespace {

struct Settings {
  std::filesystem::path server;
  std::filesystem::path directory;
  unsigned rounds = 5;
  unsigned connections = 32;
  unsigned threads = 1;
  std::chrono::milliseconds duration{2000};
  std::string only;
};

struct Measurement {
  double uploads_per_second = 0;
  double cpu_us_per_record = 0;  // of the database's process
  double p50_ms = 0;
  double p99_ms = 0;
  double resident_mib = 0;
};

struct Variant {
  std::string name;
  std::size_t records = 0;
  std::function<Measurement(const std::filesystem::path&)> measure;
  std::vector<Measurement> results;
};

Measurement of_throughput(const Throughput& throughput, std::size_t records) {
  Measurement measurement;
  measurement.uploads_per_second = static_cast<double>(throughput.uploads) / throughput.seconds;
  measurement.cpu_us_per_record =
      throughput.cpu_seconds * 1e6 / (static_cast<double>(throughput.uploads) * static_cast<double>(records));
  return measurement;
}

double percentile(const std::vector<double>& rising, double share) {
  if (rising.empty()) return 0;
  return rising[static_cast<std::size_t>(share * static_cast<double>(rising.size() - 1))];
}

Measurement measure_server(const Settings& settings, const std::filesystem::path& path, std::size_t records,
                           bool index) {
  const ServerProcess server(settings.server, path, {.index = index, .threads = settings.threads, .extra_config = {}});
  LoadPlan plan;
  plan.port = server.port();
  plan.key = server.key();
  plan.connections = settings.connections;
  plan.records = records;
  plan.duration = settings.duration;
  const double cpu_before = cpu_seconds_of(server.process());
  LoadResult result = run_load(plan);
  result.throughput.cpu_seconds = cpu_seconds_of(server.process()) - cpu_before;
  Measurement measurement = of_throughput(result.throughput, records);
  measurement.p50_ms = percentile(result.latencies_ms, 0.5);
  measurement.p99_ms = percentile(result.latencies_ms, 0.99);
  measurement.resident_mib = resident_bytes_of(server.process()) / (1U << 20U);
  return measurement;
}

std::vector<Variant> make_variants(const Settings& settings) {
  std::vector<Variant> variants;
  for (const std::size_t records : {std::size_t{500}, std::size_t{1}}) {
    const auto add = [&](const std::string& name, auto measure) {
      variants.push_back({fmt::format("{} x {}", name, records), records, measure, {}});
    };
    add("RocksDB, synced writers", [&settings, records](const std::filesystem::path& path) {
      return of_throughput(measure_synced_writers(path, records, settings.connections, settings.duration), records);
    });
    add("RocksDB, group writer", [&settings, records](const std::filesystem::path& path) {
      return of_throughput(measure_group_writer(path, records, settings.connections, settings.duration), records);
    });
    add("mmm-server, log only", [&settings, records](const std::filesystem::path& path) {
      return measure_server(settings, path, records, false);
    });
    add("mmm-server, with index", [&settings, records](const std::filesystem::path& path) {
      return measure_server(settings, path, records, true);
    });
  }
  return variants;
}

double median_of(const Variant& variant, double Measurement::* figure) {
  std::vector<double> values;
  for (const Measurement& result : variant.results) values.push_back(result.*figure);
  std::ranges::sort(values);
  return values.empty() ? 0 : values[values.size() / 2];
}

void report(const std::vector<Variant>& variants) {
  fmt::print("{:<32} {:>12} {:>14} {:>12} {:>9} {:>9} {:>8}\n", "medians", "uploads/s", "records/s", "CPU us/rec",
             "p50 ms", "p99 ms", "RSS MiB");
  for (const Variant& variant : variants) {
    const double rate = median_of(variant, &Measurement::uploads_per_second);
    fmt::print("{:<32} {:>12.0f} {:>14.0f} {:>12.3f} {:>9.2f} {:>9.2f} {:>8.0f}\n", variant.name, rate,
               rate * static_cast<double>(variant.records), median_of(variant, &Measurement::cpu_us_per_record),
               median_of(variant, &Measurement::p50_ms), median_of(variant, &Measurement::p99_ms),
               median_of(variant, &Measurement::resident_mib));
  }
  // Ratios of the medians of one interleaved run: the only figures that hold on another day.
  for (const Variant& variant : variants) {
    if (!variant.name.starts_with("mmm-server")) continue;
    for (const Variant& ceiling : variants) {
      if (!ceiling.name.starts_with("RocksDB") || ceiling.records != variant.records) continue;
      fmt::print(
          "{:<32} to {:<32} {:.2f}\n", variant.name, ceiling.name,
          median_of(variant, &Measurement::uploads_per_second) / median_of(ceiling, &Measurement::uploads_per_second));
    }
  }
}

int run(int argc, char** argv) {
  CLI::App app("Durable ingest against RocksDB alone, in one interleaved run");
  Settings settings;
  settings.server = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "mmm-server";
  settings.directory = std::filesystem::temp_directory_path() / fmt::format("bench-ingest-{}", ::getpid());
  unsigned duration_ms = static_cast<unsigned>(settings.duration.count());
  app.add_option("--server", settings.server, "The mmm-server to measure (default: beside this program)");
  app.add_option("--directory", settings.directory, "Where the databases go; must be on the disk that is meant");
  app.add_option("--rounds", settings.rounds, "Measurements of each variant")->check(CLI::Range(1, 100));
  app.add_option("--connections", settings.connections, "Agents that upload at once")->check(CLI::Range(1, 1000));
  app.add_option("--threads", settings.threads, "I/O threads of the server")->check(CLI::Range(1, 64));
  app.add_option("--duration", duration_ms, "Milliseconds of one measurement")->check(CLI::Range(100, 60'000));
  app.add_option("--only", settings.only, "Only variants whose name contains this");
  CLI11_PARSE(app, argc, argv);
  settings.duration = std::chrono::milliseconds{duration_ms};

  std::vector<Variant> variants = make_variants(settings);
  std::erase_if(variants,
                [&](const Variant& variant) { return variant.name.find(settings.only) == std::string::npos; });
  for (unsigned round = 0; round < settings.rounds; ++round) {
    for (Variant& variant : variants) {
      const std::filesystem::path path = settings.directory / fmt::format("round-{}", round);
      std::filesystem::create_directories(settings.directory);
      variant.results.push_back(variant.measure(path));
      std::filesystem::remove_all(settings.directory);
      ::sync();  // what one variant left to write must not slow the next
    }
  }
  report(variants);
  return 0;
}

}  // namespace
}  // namespace mmm::perf

int main(int argc, char** argv) {
  return mmm::perf::run(argc, argv);
}
