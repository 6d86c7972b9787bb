#include "core/async/stop_signals.h"
#include "core/base/version.h"
#include "core/log/log.h"
#include "perf/sim/load/load_command.h"
#include "perf/sim/radio/radio_command.h"
#include "perf/sim/radio/replay_command.h"

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  mmm::ignore_sigpipe();
  mmm::log::start(mmm::log::Level::kInfo);
  CLI::App app("Simulates a Meshtastic mesh: radios that speak the real stream protocol, and fleets of agents");
  app.set_version_flag("--version", mmm::version_line("mmm-sim"));
  app.require_subcommand(1);
  int exit_code = 0;
  mmm::sim::add_radio_commands(app, exit_code);
  mmm::sim::add_replay_command(app, exit_code);
  mmm::sim::add_load_command(app, exit_code);
  CLI11_PARSE(app, argc, argv);
  return exit_code;
}
