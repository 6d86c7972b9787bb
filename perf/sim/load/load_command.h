#pragma once

#include <CLI/CLI.hpp>

namespace mmm::sim {

// Adds `load` to the program's subcommands. Its exit code goes to `exit_code` when it ran.
void add_load_command(CLI::App& app, int& exit_code);

}  // namespace mmm::sim
