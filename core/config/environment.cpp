#include "core/config/environment.h"

#include "core/config/ini_file.h"

#include <cctype>
#include <cstdlib>

namespace mmm::config {
namespace {

// A secret's file holds one line.
constexpr std::size_t kSecretFileBytesMax = 16U << 10U;

// The variable, or what the file holds that NAME_FILE names; nothing when neither is set.
Result<std::optional<std::string>> look_up(const std::string& name, const Environment& environment) {
  auto value = environment(name);
  if (value && !value->empty()) return value;
  const auto path = environment(name + "_FILE");
  if (!path || path->empty()) return value;
  auto secret = read_secret_file(*path);
  if (!secret) {
    return fail(ErrorKind::kInvalidArgument, "{}_FILE: cannot read the secret: {}", name, secret.error().message);
  }
  return std::optional(std::move(*secret));
}

}  // namespace

Result<std::string> read_secret_file(const std::filesystem::path& path) {
  auto content = read_text_file(path, kSecretFileBytesMax);
  if (!content) return fail(std::move(content).error());
  std::string line = content->substr(0, content->find('\n'));
  while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())) != 0) line.pop_back();
  if (line.empty()) {
    return fail(ErrorKind::kInvalidArgument, "{} is empty: its first line must hold the secret", path.string());
  }
  return line;
}

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
    auto found = look_up(std::string(name), environment);
    if (!found) return fail(std::move(found).error());
    auto value = std::move(*found);
    if (value && value->empty() && fallback) value = fallback;
    if (!value) value = std::move(fallback);
    if (!value) {
      return fail(ErrorKind::kInvalidArgument,
                  "the environment variable {} is not set: set it (or {}_FILE, to a file that holds it), or write "
                  "${{{}:-default}}",
                  name, name, name);
    }
    out += *value;
    text.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace mmm::config
