#include "core/config/environment.h"

#include <cstdlib>

namespace mmm::config {

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

Result<std::string> expand_variables(std::string_view text, const Environment& environment) {
  std::string out;
  while (!text.empty()) {
    const auto dollar = text.find('$');
    out += text.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    text.remove_prefix(dollar);
    if (text.starts_with("$$")) {
      out.push_back('$');
      text.remove_prefix(2);
      continue;
    }
    if (!text.starts_with("${")) {
      out.push_back('$');
      text.remove_prefix(1);
      continue;
    }
    const auto close = text.find('}');
    if (close == std::string_view::npos) {
      return fail(ErrorKind::kInvalidArgument, "${{ without }}: write ${{NAME}}, or $$ for a dollar sign");
    }
    std::string_view name = text.substr(2, close - 2);
    std::optional<std::string> fallback;
    if (const auto mark = name.find(":-"); mark != std::string_view::npos) {
      fallback = std::string(name.substr(mark + 2));
      name = name.substr(0, mark);
    }
    auto value = environment(std::string(name));
    if (value && value->empty() && fallback) value = fallback;
    if (!value) value = std::move(fallback);
    if (!value) {
      return fail(ErrorKind::kInvalidArgument,
                  "the environment variable {} is not set: set it, or write ${{{}:-default}}", name, name);
    }
    out += *value;
    text.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace mmm::config
