#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "ingest/api_keys.h"
#include "ingest/config.h"

#include <optional>

namespace mmm::ingest {

// Every key that a server takes uploads with: those of [api_keys], those made by command, and the one that the server
// made for itself.
struct ServerKeys {
  KeyTable table;
  bool made = false;  // there was no key at all: one was made, in config.key_path()
  // When the next key ends and they must be read again; empty: none does.
  std::optional<WallTime> next_end;
};

// Reads them. Without [api_keys] the made key counts as long as its file exists, so that the first key made by command
// does not lock out the agents that use it; with no key anywhere it is made. Fails with what is wrong with which file.
Result<ServerKeys> read_server_keys(const ServerConfig& config, WallTime now);

}  // namespace mmm::ingest
