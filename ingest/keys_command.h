#pragma once

#include "ingest/config.h"

#include <CLI/CLI.hpp>

#include <string>

namespace mmm::ingest {

// mmm-server keys add | list | revoke | rotate: the keys that agents upload with, in the data directory. Beside a
// running server or before its first start.
class KeysCommand {
 public:
  explicit KeysCommand(CLI::App& app);

  [[nodiscard]] bool parsed() const { return keys_->parsed(); }
  // Returns the program's exit status and has said why when it is not 0. A new key goes to standard output, alone;
  // everything else that is said goes to standard error.
  [[nodiscard]] int run(const ServerConfig& config) const;

 private:
  [[nodiscard]] int change(const ServerConfig& config) const;

  CLI::App* keys_;
  CLI::App* add_;
  CLI::App* list_;
  CLI::App* revoke_;
  CLI::App* rotate_;
  std::string name_;
  std::string grace_ = "24h";
};

}  // namespace mmm::ingest
