#include "perf/sim/radio/replay_command.h"

#include "core/async/stop_signals.h"
#include "perf/sim/radio/port_options.h"
#include "perf/sim/radio/recorded_radio.h"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace mmm::sim {
namespace {

namespace asio = boost::asio;

struct ReplayArguments {
  std::string file;
  std::vector<std::string> listen;
  std::vector<std::string> ptys;
  unsigned gap_ms = 0;
};

Result<RecordedRadio> load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorKind::kNotFound, "open the recording {}: no such file, or not readable", path);
  const std::string stream{std::istreambuf_iterator<char>(file), {}};
  auto radio = RecordedRadio::parse(stream);
  if (!radio) return fail(radio.error().with("read the recording {}", path));
  return radio;
}

asio::awaitable<void> release_steps(TimeSource& time, RecordedRadio& radio, Port& port, unsigned gap_ms) {
  while (true) {
    co_await time.sleep_for(std::chrono::milliseconds{gap_ms});
    radio.release();
    port.wake();
  }
}

asio::awaitable<void> serve(StopSignals& signals, TaskGroup& steps, Port& port) {
  while (co_await signals.next() != StopSignal::kStop) {
  }
  steps.cancel();
  co_await steps.join();
  co_await port.stop();
}

Result<> run(const ReplayArguments& arguments) {
  const auto options = parse_ports(arguments.listen, arguments.ptys, 1);
  if (!options) return fail(options.error());
  if (options->size() != 1) {
    return fail(ErrorKind::kInvalidArgument, "a recording is of one radio: give one --listen or one --pty");
  }
  auto radio = load(arguments.file);
  if (!radio) return fail(radio.error());
  radio->set_step(arguments.gap_ms > 0);

  asio::io_context context(1);
  StopSignals signals(context.get_executor());
  RealTime time;
  Truth truth;
  FaultInjector no_faults({}, 0);
  Wakeup progress(context.get_executor());
  Wakeup client_sent(context.get_executor());
  const SessionContext session{.number = 1,
                               .radio = *radio,
                               .faults = no_faults,
                               .truth = truth,
                               .time = time,
                               .progress = progress,
                               .client_sent = client_sent};
  auto port = open_port(context.get_executor(), session, options->front());
  if (!port) return fail(port.error());
  fmt::print("radio 1 {}\n", (*port)->name());
  std::fflush(stdout);
  (*port)->start();
  TaskGroup steps(context.get_executor());
  TaskGroup main_task(context.get_executor());
  if (arguments.gap_ms > 0) steps.spawn("steps", release_steps(time, *radio, **port, arguments.gap_ms));
  main_task.spawn("recording", serve(signals, steps, **port));
  context.run();
  return {};
}

}  // namespace

void add_replay_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ReplayArguments>();
  auto& replay =
      *app.add_subcommand("replay", "Serve a recording of what a radio sent, with the nonce the client asks for");
  replay.add_option("file", arguments->file, "The recorded bytes (FILE.d2c.bin)")->required();
  replay.add_option("--listen", arguments->listen, "HOST:PORT; port 0: the system chooses");
  replay.add_option("--pty", arguments->ptys, "Path of a link to make to a serial line");
  replay.add_option("--gap-ms", arguments->gap_ms, "Time between messages after the configuration")
      ->capture_default_str();
  replay.callback([arguments, &exit_code] {
    const auto ran = run(*arguments);
    exit_code = ran ? 0 : 1;
    if (!ran) fmt::print(stderr, "mmm-sim: {}\n", ran.error().message);
  });
}

}  // namespace mmm::sim
