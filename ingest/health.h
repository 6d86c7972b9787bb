#pragma once

#include "core/http/router.h"

#include <functional>
#include <string>

namespace mmm::ingest {

// What is wrong, for a person; empty: nothing.
struct HealthChecks {
  std::function<std::string()> alive;  // not empty: restarting would help
  std::function<std::string()> ready;  // not empty: not yet, or not now
};

// GET /healthz and /readyz: 200 "ok", or 503 with the reason. They need no key and touch no disk.
void add_health_routes(http::Router& router, HealthChecks checks);

}  // namespace mmm::ingest
