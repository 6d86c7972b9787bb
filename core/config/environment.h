#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mmm::config {

// Looks up an environment variable; tests pass their own.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// The variables of this process.
Environment process_environment();

// The secret that a file holds: its first line. Fails with kNotFound, kTooLarge, kIo, or kInvalidArgument when it is
// empty.
Result<std::string> read_secret_file(const std::filesystem::path& path);

// Replaces ${NAME} and ${NAME:-default}; `$$` stands for one `$`. A variable that is not set, or empty, is read from
// the secret's file that NAME_FILE names. Fails with kInvalidArgument when a variable without default is not set, the
// braces do not close, or that file has no secret.
Result<std::string> expand_variables(std::string_view text, const Environment& environment);

}  // namespace mmm::config
