#pragma once

#include "core/config/config_reader.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mmm::test {

// Just these variables.
inline config::Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

// A configuration file with this text; mistakes call it `file_name`.
inline config::ConfigReader config_of(std::string_view text, std::map<std::string, std::string> variables = {},
                                      std::string_view file_name = "test.ini") {
  std::vector<std::string> mistakes;
  auto file = config::parse_ini(text, std::string(file_name), mistakes);
  return {std::move(file), std::move(mistakes), environment_of(std::move(variables))};
}

}  // namespace mmm::test
