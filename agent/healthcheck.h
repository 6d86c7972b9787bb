#pragma once

#include "agent/config.h"

namespace mmm::agent {

// `mmm-agent healthcheck`: asks the agent that runs with this configuration and prints a line. Returns the exit status:
// 0 when it is alive (with `ready` only when every radio is connected, too), else 1. Tells one that is still starting
// from one that is sick.
int run_healthcheck(const Config& config, bool ready);

}  // namespace mmm::agent
