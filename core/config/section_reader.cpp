#include "core/base/ascii.h"
#include "core/config/config_reader.h"
#include "core/config/units.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace mmm::config {
SectionReader::SectionReader(ConfigReader& reader, std::string name, const IniSection* section)
    : reader_(&reader), name_(std::move(name)), section_(section) {}

std::optional<SectionReader::Value> SectionReader::file_value(std::string_view key) {
  reader_->known_keys_.emplace(name_, std::string(key));
  if (section_ == nullptr) return std::nullopt;
  for (const auto& entry : section_->entries) {
    if (entry.key != key) continue;
    Value value{{}, fmt::format("{}:{}: [{}] {}", reader_->file_.name, entry.line, name_, key)};
    auto expanded = expand_variables(entry.value, reader_->environment_);
    if (!expanded) {
      reader_->mistakes_.emplace(entry.line, fmt::format("{}: {}", value.where, expanded.error().message));
      return std::nullopt;
    }
    value.text = std::move(*expanded);
    return value;
  }
  return std::nullopt;
}

std::optional<SectionReader::Value> SectionReader::value(std::string_view key, const KeyOptions& options) {
  if (!options.environment.empty()) {
    auto variable = reader_->environment_(std::string(options.environment));
    if (variable && !variable->empty()) {
      // What the file says of it does not count, so nothing can be wrong with it there.
      reader_->known_keys_.emplace(name_, std::string(key));
      const std::string where = fmt::format("environment variable {}", options.environment);
      from_environment_[std::string(key)] = where;
      return Value{std::move(*variable), where};
    }
  }
  const auto mistakes_before = reader_->mistakes_.size();
  auto found = file_value(key);
  const bool wrong = reader_->mistakes_.size() > mistakes_before;
  // `key =` with nothing behind it is how the Python version writes "not set".
  if (found && found->text.empty()) found.reset();
  // A mistake in its value has been said already.
  if (!found && options.required && !wrong) missing(key, options);
  return found;
}

void SectionReader::missing(std::string_view key, const KeyOptions& options) {
  const int line = section_ == nullptr ? 0 : section_->line;
  const std::string or_environment =
      options.environment.empty() ? "" : fmt::format(", or the environment variable {}", options.environment);
  reader_->mistakes_.emplace(line, fmt::format("{}{}: [{}] {} is missing: set it{}", reader_->file_.name,
                                               line == 0 ? "" : fmt::format(":{}", line), name_, key, or_environment));
}

void SectionReader::bad(const Value& value, std::string_view expected) {
  // The order of messages is that of the file; those of the environment stand in front.
  int line = 0;
  if (section_ != nullptr && !value.where.starts_with("environment")) {
    for (const auto& entry : section_->entries) {
      if (value.where.ends_with("] " + entry.key)) line = entry.line;
    }
  }
  reader_->mistakes_.emplace(line, fmt::format("{}: '{}' is not {}", value.where, value.text, expected));
}

void SectionReader::mistake(std::string_view key, std::string_view what) {
  if (const auto variable = from_environment_.find(key); variable != from_environment_.end()) {
    // Line 0: those of the environment stand in front.
    reader_->mistakes_.emplace(0, fmt::format("{}: {}", variable->second, what));
    return;
  }
  int line = section_ == nullptr ? 0 : section_->line;
  if (section_ != nullptr) {
    for (const auto& entry : section_->entries) {
      if (entry.key != key) continue;
      line = entry.line;
      key = entry.written_key;
    }
  }
  reader_->mistakes_.emplace(line, fmt::format("{}{}: [{}] {}: {}", reader_->file_.name,
                                               line == 0 ? "" : fmt::format(":{}", line), name_, key, what));
}

std::string SectionReader::text(std::string_view key, std::string_view fallback, KeyOptions options) {
  auto found = value(key, options);
  return found ? std::move(found->text) : std::string(fallback);
}

std::optional<std::string> SectionReader::optional_text(std::string_view key, KeyOptions options) {
  auto found = value(key, options);
  if (!found) return std::nullopt;
  return std::move(found->text);
}

std::int64_t SectionReader::integer(std::string_view key, std::int64_t fallback, std::int64_t low, std::int64_t high,
                                    KeyOptions options) {
  const auto found = value(key, options);
  if (!found) return fallback;
  const auto parsed = parse_integer(found->text);
  if (parsed && *parsed >= low && *parsed <= high) return *parsed;
  bad(*found, fmt::format("a whole number from {} to {}", low, high));
  return fallback;
}

std::optional<double> SectionReader::optional_number(std::string_view key, double low, double high,
                                                     KeyOptions options) {
  const auto found = value(key, options);
  if (!found) return std::nullopt;
  const auto parsed = parse_number(found->text);
  if (parsed && *parsed >= low && *parsed <= high) return parsed;
  bad(*found, fmt::format("a number from {} to {}", low, high));
  return std::nullopt;
}

double SectionReader::number(std::string_view key, double fallback, double low, double high, KeyOptions options) {
  return optional_number(key, low, high, options).value_or(fallback);
}

bool SectionReader::boolean(std::string_view key, bool fallback, KeyOptions options) {
  const auto found = value(key, options);
  if (!found) return fallback;
  const auto parsed = parse_boolean(found->text);
  if (parsed) return *parsed;
  bad(*found, "true or false");
  return fallback;
}

std::string SectionReader::choice(std::string_view key, std::string_view fallback,
                                  std::initializer_list<std::string_view> allowed, KeyOptions options) {
  const auto found = value(key, options);
  if (!found) return std::string(fallback);
  std::string word = ascii_lower(found->text);
  if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return word;
  bad(*found, fmt::format("one of {}", fmt::join(allowed, ", ")));
  return std::string(fallback);
}

std::chrono::milliseconds SectionReader::duration(std::string_view key, std::chrono::milliseconds fallback,
                                                  std::chrono::milliseconds low, std::chrono::milliseconds high,
                                                  KeyOptions options) {
  const auto found = value(key, options);
  if (!found) return fallback;
  const auto parsed = parse_duration(found->text);
  if (parsed && *parsed >= low && *parsed <= high) return *parsed;
  bad(*found, fmt::format("a time from {} to {} (such as 250ms, 30s, 5m, 12h, 7d; seconds without a unit)",
                          describe_duration(low), describe_duration(high)));
  return fallback;
}

std::uint64_t SectionReader::byte_size(std::string_view key, std::uint64_t fallback, std::uint64_t low,
                                       std::uint64_t high, KeyOptions options) {
  const auto found = value(key, options);
  if (!found) return fallback;
  const auto parsed = parse_byte_size(found->text);
  if (parsed && *parsed >= low && *parsed <= high) return *parsed;
  bad(*found, fmt::format("a size from {} to {} (such as 512K, 64M, 2G; bytes without a unit)", describe_byte_size(low),
                          describe_byte_size(high)));
  return fallback;
}

std::vector<std::string> SectionReader::list(std::string_view key, KeyOptions options) {
  std::vector<std::string> elements;
  const auto found = value(key, options);
  if (!found) return elements;
  std::string_view rest = found->text;
  while (!rest.empty()) {
    const auto end = rest.find_first_of(",\n");
    std::string_view element = rest.substr(0, end);
    const auto first = element.find_first_not_of(" \t\r");
    if (first != std::string_view::npos) {
      element = element.substr(first, element.find_last_not_of(" \t\r") - first + 1);
      elements.emplace_back(element);
    }
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return elements;
}

std::optional<std::string> SectionReader::secret(std::string_view key, KeyOptions options) {
  const std::string file_key = std::string(key) + "_file";
  const std::string file_variable = options.environment.empty() ? "" : std::string(options.environment) + "_FILE";
  KeyOptions optional = options;
  optional.required = false;
  const auto from_environment = [](const std::optional<Value>& found) {
    return found && found->where.starts_with("environment");
  };
  const auto path = value(file_key, KeyOptions{.environment = file_variable});
  std::optional<Value> direct;
  if (from_environment(path) && !reader_->environment_(std::string(options.environment))) {
    // What the file says of it does not count, so nothing can be wrong with it there.
    reader_->known_keys_.emplace(name_, std::string(key));
  } else {
    direct = value(key, optional);
  }
  // Within one place a choice of two is a mistake; between places the environment wins.
  if (direct && path && from_environment(direct) == from_environment(path)) {
    mistake(key, fmt::format("both {} and {} are given: keep one", key, file_key));
    return std::nullopt;
  }
  if (direct && !(path && from_environment(path))) return std::move(direct->text);
  if (!path) {
    if (options.required) missing(key, options);
    return std::nullopt;
  }
  auto secret = read_secret_file(path->text);
  if (!secret) {
    mistake(file_key, fmt::format("cannot read the secret: {}", secret.error().message));
    return std::nullopt;
  }
  return std::move(*secret);
}

std::vector<IniEntry> SectionReader::all() {
  std::vector<IniEntry> entries;
  if (section_ == nullptr) return entries;
  for (const auto& entry : section_->entries) {
    auto found = file_value(entry.key);
    if (found) entries.push_back(IniEntry{entry.key, std::move(found->text), entry.line, entry.written_key});
  }
  return entries;
}

void SectionReader::ignore(std::initializer_list<std::string_view> keys) {
  for (const auto key : keys) reader_->known_keys_.emplace(name_, std::string(key));
}

}  // namespace mmm::config
