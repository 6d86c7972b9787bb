#pragma once

#include "core/store/log_id.h"
#include "ingest/config.h"

#include <cstdint>
#include <filesystem>

// Subcommands of mmm-server that are not the server; care_commands.h and healthcheck.h have others. Each returns the
// program's exit status and has said why when it is not 0.
namespace mmm::ingest {

// Writes records to standard output; works beside a running server.
int run_export(const ServerConfig& config, store::LogId from, store::LogId to);

// Appends what the Python version's database holds to the packet log. Not while the server runs.
int run_import(const ServerConfig& config, const std::filesystem::path& database);

}  // namespace mmm::ingest
