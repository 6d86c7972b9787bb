// How fast the projection is, against inserting the same rows straight into SQLite.
//
// Both variants end with the same index from the same log, in the same transactions. `projection` is everything:
// reading the log, decoding, deduplicating, folding, writing. `straight` writes rows that are ready in memory; how they
// came there is not measured. perf/README.md says what it must show.

#include "core/base/limits.h"
#include "core/mesh/decrypt.h"
#include "core/store/index/index_writer.h"
#include "core/store/index/schema.h"
#include "ingest/project/projection.h"
#include "perf/projection/made_log.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace mmm::perf {
namespace {

struct Times {
  double read = 0;   // seconds
  double fold = 0;   // decoding, deduplicating, changing rows in memory
  double write = 0;  // the transactions
  double checkpoint = 0;
  double cpu = 0;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
};

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double cpu_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <class Value>
Value must(Result<Value> result) {
  if (!result) {
    fmt::print(stderr, "{}\n", result.error().message);
    std::exit(1);
  }
  if constexpr (!std::is_void_v<Value>) return std::move(*result);
}

Times project(const store::PacketLog& log, const std::filesystem::path& path) {
  must(index::remove_index(path));
  auto writer = must(index::IndexWriter::open(path));
  mesh::Keyring keys;
  keys.add_default_channels();
  auto projection = must(ingest::Projection::open(*writer, keys));
  Times times;
  const double cpu_before = cpu_now();
  std::vector<store::StoredChunk> chunks;
  const auto commit = [&] {
    const double before = now();
    times.records += projection->pending_records();
    must(projection->commit(nullptr));
    const double written = now();
    must(writer->checkpoint(limits::kIndexCheckpointPages));
    times.write += written - before;
    times.checkpoint += now() - written;
  };
  for (;;) {
    chunks.clear();
    double before = now();
    must(log.read(projection->cursor() + 1, limits::kProjectionReadBytesMax, chunks));
    times.read += now() - before;
    if (chunks.empty()) break;
    for (const store::StoredChunk& chunk : chunks) {
      before = now();
      must(projection->apply(chunk));
      times.fold += now() - before;
      if (projection->pending_records() >= limits::kProjectionRecordsMax) commit();
    }
    if (projection->pending_records() > 0) commit();
  }
  times.cpu = cpu_now() - cpu_before;
  const double before = now();
  must(writer->checkpoint(0));
  times.checkpoint += now() - before;
  times.bytes = writer->bytes_on_disk();
  return times;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void run(const std::filesystem::path& directory, const Region& region, unsigned rounds) {
  std::filesystem::create_directories(directory);
  const auto log = make_log(directory / "log", region);
  std::vector<double> projection, straight, ratio, cpu;
  Times sum;
  for (unsigned round = 0; round < rounds; ++round) {
    // One after the other in each round, so that both meet the same state of the machine.
    const Times whole = project(*log, directory / "projection.db");
    const Times rows = project(*log, directory / "straight.db");
    const auto records = static_cast<double>(whole.records);
    projection.push_back(records / (whole.read + whole.fold + whole.write + whole.checkpoint));
    straight.push_back(records / (rows.write + rows.checkpoint));
    ratio.push_back(projection.back() / straight.back());
    cpu.push_back(whole.cpu * 1e6 / records);
    sum.read += whole.read * 1e6 / records / rounds;
    sum.fold += whole.fold * 1e6 / records / rounds;
    sum.write += whole.write * 1e6 / records / rounds;
    sum.checkpoint += whole.checkpoint * 1e6 / records / rounds;
    sum.records = whole.records;
    sum.bytes = whole.bytes;
  }
  fmt::print("{} receptions of {} packets, {} nodes, {} agents; median of {} interleaved rounds\n", sum.records,
             region.packets, region.nodes, region.agents, rounds);
  fmt::print("projection {:>10.0f} receptions/s\n", median(projection));
  fmt::print("straight   {:>10.0f} receptions/s\n", median(straight));
  fmt::print("ratio      {:>10.2f} (lowest {:.2f}, highest {:.2f})\n", median(ratio), std::ranges::min(ratio),
             std::ranges::max(ratio));
  fmt::print("CPU        {:>10.2f} us a reception\n", median(cpu));
  fmt::print("of which   read {:.2f}, fold {:.2f}, write {:.2f}, checkpoint {:.2f} us a reception\n", sum.read,
             sum.fold, sum.write, sum.checkpoint);
  fmt::print("index      {:>10.1f} bytes a reception\n",
             static_cast<double>(sum.bytes) / static_cast<double>(sum.records));
}

}  // namespace
}  // namespace mmm::perf

int main(int argc, char** argv) {
  CLI::App app("Projection of the packet log into the index, against writing the same rows straight into SQLite");
  mmm::perf::Region region;
  std::filesystem::path directory;
  unsigned rounds = 5;
  app.add_option("--directory", directory, "An empty directory on the disk to be measured")->required();
  app.add_option("--packets", region.packets, "Unique packets")->capture_default_str();
  app.add_option("--receptions", region.receptions_each, "Receptions of each")->capture_default_str();
  app.add_option("--nodes", region.nodes, "Nodes")->capture_default_str();
  app.add_option("--agents", region.agents, "Agents")->capture_default_str();
  app.add_option("--rate", region.receptions_per_second, "Receptions a second of the log's time")
      ->capture_default_str();
  app.add_option("--rounds", rounds, "Interleaved rounds")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  mmm::perf::run(directory, region, rounds);
  return 0;
}
