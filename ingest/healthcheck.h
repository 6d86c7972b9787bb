#pragma once

#include "ingest/config.h"

namespace mmm::ingest {

// `mmm-server healthcheck`: asks /healthz and /readyz of the server that this configuration describes and prints a
// line. Returns the exit status: 0 when it is alive (with `ready` only when its index has caught up, too), else 1.
// Tells one that is still starting from one that is sick.
int run_healthcheck(const ServerConfig& config, bool ready);

}  // namespace mmm::ingest
