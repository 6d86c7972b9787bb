#pragma once

#include "core/base/result.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mmm::config {

// Looks up an environment variable; tests pass their own.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// The variables of this process.
Environment process_environment();

// Replaces ${NAME} and ${NAME:-default}; `$$` stands for one `$`. Fails with kInvalidArgument when a variable without
// default is not set, or the braces do not close.
Result<std::string> expand_variables(std::string_view text, const Environment& environment);

}  // namespace mmm::config
