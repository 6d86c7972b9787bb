#pragma once

#include "ingest/access/access_control.h"
#include "ingest/config.h"
#include "metrics/registry.h"

#include <functional>
#include <string>
#include <vector>

namespace mmm::ingest {

// What differs between two configurations and cannot be changed while the server runs: "[server] port", "[channels]".
std::vector<std::string> needs_restart(const ServerConfig& running, const ServerConfig& next);

// What SIGHUP does: reads the configuration again and takes up what can be taken up. One with a mistake is refused
// whole. Either way the log says so in one line, and the mistakes before it.
class Reloader {
 public:
  using Load = std::function<Result<LoadedConfig>()>;

  // `access` must outlive this.
  Reloader(ServerConfig running, Load load, AccessControl& access, metrics::Registry& registry);

  // True when it was taken up.
  bool reload();

 private:
  Result<std::string> take_up();

  const ServerConfig running_;
  const Load load_;
  AccessControl& access_;
  prometheus::Counter& applied_;
  prometheus::Counter& refused_;
};

}  // namespace mmm::ingest
