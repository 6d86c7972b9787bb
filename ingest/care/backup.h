#pragma once

#include "core/base/result.h"
#include "ingest/care/manifest.h"
#include "ingest/config.h"

#include <filesystem>
#include <functional>
#include <string>

namespace mmm::ingest {

// `share`: 0 to 1; `mebibytes`: read so far.
using CareProgress = std::function<void(double share, double mebibytes)>;
using Say = std::function<void(const std::string&)>;

// Copies packet log, index and made key of the data directory to `target`, a new folder, also while its server runs. It
// is made as `target`.partial and renamed when it is whole and synced; a failure removes what was made. Table files of
// the log that the newest other backup in the same folder has too are hard links to those, if their bytes are still
// good. Fails with kInvalidArgument (there is something at `target`), kDiskFull, kIo, or as LogPicture::take().
// `program`: its name and version, for the manifest.
Result<Manifest> make_backup(const ServerConfig& config, const std::filesystem::path& target, std::string program,
                             const CareProgress& progress, const Say& say);

// Puts a backup into the data directory, which must be empty or missing. All is copied and compared with the manifest
// before anything is where a server would find it. Fails with kInvalidArgument (not empty), kCorrupt (not what the
// manifest says), kDiskFull, kIo, or as read_manifest().
Result<Manifest> restore_backup(const ServerConfig& config, const std::filesystem::path& backup,
                                const CareProgress& progress);

// Fails when a restore into this data directory was interrupted: a server must not begin with it.
Result<> check_restored(const ServerConfig& config);

}  // namespace mmm::ingest
