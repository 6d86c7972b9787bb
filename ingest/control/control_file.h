#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace mmm::ingest {

// Where the running server takes orders from the subcommands of its own program, and the secret that shows that they
// may be given: whoever can read the file owns the data anyway.
struct ControlAddress {
  std::string host;
  std::uint16_t port = 0;
  std::string token;
};

// Writes the file at once whole, readable by its owner only. Fails with kIo.
Result<> write_control_file(const std::filesystem::path& path, const ControlAddress& address);
// Fails with kNotFound (no server runs, or one of an earlier version), kMalformed or kIo.
Result<ControlAddress> read_control_file(const std::filesystem::path& path);

}  // namespace mmm::ingest
