#include "core/config/config_reader.h"

#include "core/config/nearest_name.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <limits>

namespace mmm::config {

ConfigReader::ConfigReader(IniFile file, std::vector<std::string> mistakes, Environment environment)
    : file_(std::move(file)), environment_(std::move(environment)) {
  // Line 0 keeps the parser's own mistakes, which name their lines, in front.
  for (auto& mistake : mistakes) mistakes_.emplace(0, std::move(mistake));
}

Result<ConfigReader> ConfigReader::open(const std::filesystem::path& path, Environment environment) {
  auto text = read_text_file(path, kIniBytesMax);
  if (!text) return fail(text.error().with("configuration file"));
  std::vector<std::string> mistakes;
  IniFile file = parse_ini(*text, path.string(), mistakes);
  return ConfigReader(std::move(file), std::move(mistakes), std::move(environment));
}

SectionReader ConfigReader::section(std::string_view name) {
  known_sections_.emplace(name);
  return {*this, std::string(name), file_.find(name)};
}

std::vector<SectionReader> ConfigReader::sections_with_prefix(std::string_view prefix) {
  known_prefixes_.emplace_back(prefix);
  std::vector<SectionReader> found;
  for (const auto& candidate : file_.sections) {
    if (!candidate.name.starts_with(prefix)) continue;
    known_sections_.insert(candidate.name);
    found.push_back(SectionReader(*this, candidate.name, &candidate));
  }
  return found;
}

void ConfigReader::ignore_section(std::string_view name) {
  ignored_sections_.emplace(name);
}

void ConfigReader::ignore_sections_with_prefix(std::string_view prefix) {
  ignored_prefixes_.emplace_back(prefix);
}

std::vector<std::string> ConfigReader::finish() {
  for (const auto& section : file_.sections) {
    const bool ignored = ignored_sections_.contains(section.name) ||
                         std::any_of(ignored_prefixes_.begin(), ignored_prefixes_.end(),
                                     [&](const std::string& prefix) { return section.name.starts_with(prefix); });
    if (ignored) continue;
    if (!known_sections_.contains(section.name)) {
      mistakes_.emplace(section.line, unknown_section(section));
      continue;
    }
    for (const auto& entry : section.entries) {
      if (!known_keys_.contains({section.name, entry.key})) {
        mistakes_.emplace(entry.line, unknown_key(section, entry));
      }
    }
  }
  std::vector<std::string> texts;
  for (auto& [line, mistake] : mistakes_) texts.push_back(std::move(mistake));
  mistakes_.clear();
  return texts;
}

std::string ConfigReader::unknown_key(const IniSection& section, const IniEntry& entry) const {
  std::vector<std::string> keys;
  for (const auto& [name, key] : known_keys_) {
    if (name == section.name) keys.push_back(key);
  }
  const std::string near = nearest_name(entry.key, keys);
  return fmt::format("{}:{}: [{}] {}: there is no such key{}; allowed: {}", file_.name, entry.line, section.name,
                     entry.key, near.empty() ? "" : fmt::format(", did you mean {}?", near), fmt::join(keys, ", "));
}

std::string ConfigReader::unknown_section(const IniSection& section) const {
  std::vector<std::string> names(known_sections_.begin(), known_sections_.end());
  names.insert(names.end(), ignored_sections_.begin(), ignored_sections_.end());
  const std::string near = nearest_name(section.name, names);
  for (const auto& prefix : known_prefixes_) names.push_back(prefix + "NAME");
  for (const auto& prefix : ignored_prefixes_) names.push_back(prefix + "NAME");
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return fmt::format("{}:{}: [{}]: there is no such section{}; allowed: {}", file_.name, section.line, section.name,
                     near.empty() ? "" : fmt::format(", did you mean [{}]?", near), fmt::join(names, ", "));
}

}  // namespace mmm::config
