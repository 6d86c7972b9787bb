#include "perf/sim/load/load_command.h"

#include "core/async/stop_signals.h"
#include "core/async/task_group.h"
#include "core/base/limits.h"
#include "core/config/units.h"
#include "core/http/client.h"
#include "perf/sim/load/fleet.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>

namespace mmm::sim {
namespace {

namespace asio = boost::asio;

struct LoadArguments {
  std::string server;
  std::string compress = "none";
  std::string span = "0";
  std::string age = "0";
  double duration_seconds = 0;
  bool json = false;
  LoadOptions options;
};

Result<> resolve(LoadArguments& arguments) {
  const auto url = http::Url::parse(arguments.server);
  if (!url) return fail(url.error().with("--server {}", arguments.server));
  if (url->tls) {
    return fail(ErrorKind::kInvalidArgument, "--server {}: the load generator speaks plain http only",
                arguments.server);
  }
  asio::io_context context(1);
  asio::ip::tcp::resolver resolver(context);
  boost::system::error_code error;
  const auto found = resolver.resolve(url->host, fmt::format("{}", url->port), error);
  if (error || found.empty()) {
    return fail(ErrorKind::kUnavailable, "--server {}: cannot find {}: {}", arguments.server, url->host,
                error.message());
  }
  arguments.options.endpoint = found.begin()->endpoint();
  arguments.options.host = fmt::format("{}:{}", url->host, url->port);
  arguments.options.path = url->path;
  return {};
}

asio::awaitable<void> stop_at_signal(StopSignals& signals, Fleet& fleet) {
  while (co_await signals.next() != StopSignal::kStop) {
  }
  fleet.stop();
}

asio::awaitable<void> run_fleet(Fleet& fleet, TaskGroup& signal_task, std::optional<Result<LoadReport>>& result) {
  result = co_await fleet.run();
  signal_task.cancel();
  co_await signal_task.join();
}

Result<std::chrono::microseconds> read_duration(const char* option, const std::string& text) {
  const auto duration = config::parse_duration(text);
  if (!duration) {
    return fail(ErrorKind::kInvalidArgument, "{} {}: give a number and a unit, such as 36h or 10d", option, text);
  }
  return std::chrono::microseconds(*duration);
}

Result<> read_heard_times(LoadArguments& arguments) {
  LoadOptions& options = arguments.options;
  auto span = read_duration("--span", arguments.span);
  if (!span) return fail(span.error());
  auto age = read_duration("--age", arguments.age);
  if (!age) return fail(age.error());
  if (span->count() > 0 && options.records == 0) {
    return fail(ErrorKind::kInvalidArgument, "--span spreads a known number of records: give --records N too");
  }
  options.span = *span;
  options.age = *age;
  return {};
}

Result<LoadReport> run(LoadArguments& arguments) {
  LoadOptions& options = arguments.options;
  if (auto read = read_heard_times(arguments); !read) return fail(read.error());
  options.zstd = arguments.compress == "zstd";
  options.duration = std::chrono::duration<double>(arguments.duration_seconds);
  if (options.records == 0 && arguments.duration_seconds <= 0) {
    return fail(ErrorKind::kInvalidArgument, "no end: give --records N or --duration SECONDS");
  }
  if (auto resolved = resolve(arguments); !resolved) return fail(resolved.error());
  asio::io_context context(1);
  StopSignals signals(context.get_executor());
  RealTime time;
  Fleet fleet(context.get_executor(), time, options);
  TaskGroup signal_task(context.get_executor());
  TaskGroup main_task(context.get_executor());
  std::optional<Result<LoadReport>> result;
  signal_task.spawn("signals", stop_at_signal(signals, fleet));
  main_task.spawn("fleet", run_fleet(fleet, signal_task, result));
  context.run();
  return std::move(*result);
}

}  // namespace

void add_load_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<LoadArguments>();
  LoadOptions& options = arguments->options;
  auto& load = *app.add_subcommand("load", "Play a fleet of agents that upload to a server, and measure");
  load.add_option("--server", arguments->server, "http://HOST:PORT of the server")->required();
  load.add_option("--key", options.key, "The key that all agents show");
  load.add_option("--agents", options.agents, "Agents, each with a stream and one upload outstanding")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  load.add_option("--connections", options.connections, "Connections, shared by the agents")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000));
  load.add_option("--batch", options.batch, "Records in an upload")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{1}, limits::kUploadRecordsMax));
  load.add_option("--records", options.records, "End after so many records, rounded up to whole uploads");
  load.add_option("--duration", arguments->duration_seconds, "End after so many seconds");
  load.add_option("--rate", options.rate, "Records a second of all agents together (default: as fast as answered)")
      ->check(CLI::NonNegativeNumber);
  load.add_option("--compress", arguments->compress, "How bodies are sent")
      ->check(CLI::IsMember({"none", "zstd"}))
      ->capture_default_str();
  load.add_option("--nodes", options.nodes, "Nodes that are heard; more than 2000 are meshes side by side")
      ->capture_default_str()
      ->check(CLI::Range(2, 10'000));
  load.add_flag("--introduce", options.introduced,
                "Each node tells first who and where it is, so that all are known that can be heard");
  load.add_option("--receptions-per-packet", options.receptions, "Agents that report the same packet")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000));
  load.add_option("--span", arguments->span,
                  "Send a backlog: the records were heard evenly over this time (10d, 36h; needs --records)")
      ->capture_default_str();
  load.add_option("--age", arguments->age, "How long ago the span ended")->capture_default_str();
  load.add_option("--seed", options.seed, "Which mesh")->capture_default_str();
  load.add_flag("--json", arguments->json, "Report as one line of JSON");
  load.callback([arguments, &exit_code] {
    const auto report = run(*arguments);
    if (!report) {
      fmt::print(stderr, "mmm-sim: {}\n", report.error().message);
      exit_code = 1;
      return;
    }
    fmt::print("{}", arguments->json ? report->json() + "\n" : report->text());
    exit_code = report->not_durable == 0 ? 0 : 1;
  });
}

}  // namespace mmm::sim
