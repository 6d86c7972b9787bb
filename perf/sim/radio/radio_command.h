#pragma once

#include <CLI/CLI.hpp>

namespace mmm::sim {

// Adds `radio` and `secrets` to the program's subcommands. The exit code of a subcommand that ran goes to `exit_code`.
void add_radio_commands(CLI::App& app, int& exit_code);

}  // namespace mmm::sim
