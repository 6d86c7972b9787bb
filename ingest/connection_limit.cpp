#include "ingest/connection_limit.h"

#include "core/base/file_limit.h"
#include "core/base/limits.h"
#include "core/log/log.h"

#include <algorithm>

namespace mmm::ingest {

std::size_t connections_max() {
  constexpr std::size_t kFewest = 64;
  const std::size_t files = raise_open_files_limit();
  const std::size_t left = files - std::min(files, limits::kFilesBesideConnections);
  const std::size_t connections = std::clamp(left, kFewest, limits::kHttpConnectionsMax);
  if (connections < limits::kHttpConnectionsMax) {
    log::warning("server",
                 "at most {} connections at once, since this process may have {} files open: raise the limit "
                 "(ulimit -n, LimitNOFILE=) to {} for {}",
                 connections, files, limits::kHttpConnectionsMax + limits::kFilesBesideConnections,
                 limits::kHttpConnectionsMax);
  }
  return connections;
}

}  // namespace mmm::ingest
