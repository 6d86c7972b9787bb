#pragma once

#include "core/base/result.h"
#include "core/store/log_id.h"
#include "ingest/care/file_copy.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mmm::ingest {

inline constexpr const char* kManifestName = "MANIFEST";

// What a backup holds. Written last, as lines of text: `mmm-backup 1`, a line for each member, `file BYTES SHA256 NAME`
// for each file, and last `sum` with the SHA-256 of all lines before, so that half a manifest is none.
struct Manifest {
  std::string program;       // version of the program that made it
  std::int64_t time_us = 0;  // when it was begun
  store::LogId last_id = 0;  // every record up to here is in the log
  store::LogId cursor = 0;   // of the index; 0: there is none
  struct File {
    std::string name;  // relative to the backup, with '/'
    FileDigest digest;
  };
  std::vector<File> files;

  [[nodiscard]] std::uint64_t bytes() const;
};

std::string to_text(const Manifest& manifest);
// Fails with kNotFound (no backup, or one that was interrupted), kNewerVersion or kMalformed.
Result<Manifest> read_manifest(const std::filesystem::path& backup);

}  // namespace mmm::ingest
