#pragma once

#include "metrics/registry.h"

// Metrics that both programs serve. Names follow Prometheus' conventions: base units, _total for counters.
namespace mmm::metrics::common {

inline const Definition kBuildInfo{"mmm_build_info", "Always 1; its labels say which version of which program runs."};

}  // namespace mmm::metrics::common
