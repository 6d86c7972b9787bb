#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace mmm::agent {

// What a supervisor should think of the agent that told this report.
struct Health {
  bool alive = true;  // false: it cannot keep what its radios hear
  bool ready = true;  // false: a radio is away, or still telling its configuration
  std::string words;  // a line for a person
};

// `report` is to_json()'s. Fails with kMalformed.
Result<Health> health_of(std::string_view report);

}  // namespace mmm::agent
