#pragma once

#include "core/http/server.h"
#include "metrics/registry.h"

namespace mmm::ingest {

// Counts and times every answer by route, method and status. Labels are bounded: routes are patterns.
http::RequestObserver make_http_observer(metrics::Registry& registry);

}  // namespace mmm::ingest
