#pragma once

#include "ingest/config.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <optional>

namespace mmm::ingest {

// The subcommands that look after what the server stores: backup, restore, check, storage, reindex (docs/care.md). Exit
// status 0: done; 1: not done, or damage found, which was said on standard error.
class CareCommands {
 public:
  explicit CareCommands(CLI::App& app);
  // Runs the one on the command line; empty: it is none of these.
  [[nodiscard]] std::optional<int> run(const ServerConfig& config) const;

 private:
  CLI::App* backup_;
  CLI::App* restore_;
  CLI::App* check_;
  CLI::App* storage_;
  CLI::App* reindex_;
  std::filesystem::path folder_;
  bool deep_ = false;
  bool drop_older_ = false;
};

}  // namespace mmm::ingest
