#pragma once

#include <string>

namespace mmm::metrics {

// docs/metrics.md: every metric of both programs, from the catalogs.
std::string metrics_page();

}  // namespace mmm::metrics
