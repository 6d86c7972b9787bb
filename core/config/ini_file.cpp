#include "core/config/ini_file.h"

#include "core/base/ascii.h"
#include "core/base/encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace mmm::config {
namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string unescape_percent(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    out.push_back(text[i]);
    if (text[i] == '%' && i + 1 < text.size() && text[i + 1] == '%') ++i;
  }
  return out;
}

// configparser's "%(key)s", which puts the value of another key in; empty when there is none.
std::string python_reference(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '%') continue;
    if (text[i + 1] == '%') {
      ++i;
    } else if (text[i + 1] == '(') {
      const auto end = text.find(")s", i);
      if (end != std::string_view::npos) return std::string(text.substr(i, end + 2 - i));
    }
  }
  return {};
}

class Parser {
 public:
  Parser(std::string name, std::vector<std::string>& mistakes) : mistakes_(mistakes) { file_.name = std::move(name); }

  IniFile parse(std::string_view text) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    while (!text.empty()) {
      const auto end = text.find('\n');
      ++line_;
      take_line(text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    for (auto& section : file_.sections) {
      for (auto& entry : section.entries) finish_entry(section.name, entry);
    }
    return std::move(file_);
  }

 private:
  // Only when a value is whole: an interpolation could stand in a continuation line.
  void finish_entry(const std::string& section, IniEntry& entry) {
    entry.value = trim(entry.value);
    if (const auto reference = python_reference(entry.value); !reference.empty()) {
      line_ = entry.line;
      mistake(
          fmt::format("[{}] {}: {} is not supported: write the value out, or use an environment variable, ${{NAME}}",
                      section, entry.key, reference));
      entry.value.clear();
    }
    entry.value = unescape_percent(entry.value);
  }

  void take_line(std::string_view raw) {
    if (!is_valid_utf8(raw)) return mistake("the line is not UTF-8 text: save the file as UTF-8");
    const std::string_view text = trim(raw);
    if (text.starts_with('#') || text.starts_with(';')) return;
    if (text.empty()) return;
    // A line continues the value above when it stands further in than that value's key.
    const std::size_t indent = raw.find_first_not_of(" \t");
    if (can_continue_ && indent > key_indent_) {
      file_.sections.back().entries.back().value += "\n" + std::string(text);
      return;
    }
    can_continue_ = false;
    if (text.front() == '[') return take_section(text);
    key_indent_ = indent;
    take_entry(text);
  }

  void take_section(std::string_view text) {
    skipping_ = true;
    if (text.back() != ']') return mistake("a section is written [name], but the closing ] is missing");
    const std::string_view name = trim(text.substr(1, text.size() - 2));
    if (name.empty()) return mistake("the section has no name: write [name]");
    if (const auto* earlier = file_.find(name)) {
      return mistake(fmt::format("section [{}] stands in line {} already: put its keys together", name, earlier->line));
    }
    file_.sections.push_back(IniSection{std::string(name), line_, {}});
    skipping_ = false;
  }

  void take_entry(std::string_view text) {
    const auto delimiter = text.find_first_of("=:");
    if (delimiter == std::string_view::npos || delimiter == 0) {
      // Without its text: it may be a piece of a secret.
      return mistake("the line is neither [section] nor key = value nor a comment (#)");
    }
    if (file_.sections.empty() && !skipping_) {
      return mistake("a key before the first [section]: it would belong to none");
    }
    // The keys of a section that was refused: its own message is enough.
    if (skipping_) return;
    const std::string_view written_key = trim(text.substr(0, delimiter));
    const std::string key = ascii_lower(written_key);
    auto& section = file_.sections.back();
    const auto same = std::find_if(section.entries.begin(), section.entries.end(),
                                   [&](const IniEntry& entry) { return entry.key == key; });
    if (same != section.entries.end()) {
      return mistake(fmt::format("[{}] {} stands in line {} already: keep one", section.name, key, same->line));
    }
    section.entries.push_back(
        IniEntry{key, std::string(trim(text.substr(delimiter + 1))), line_, std::string(written_key)});
    can_continue_ = true;
  }

  void mistake(std::string_view what) { mistakes_.push_back(fmt::format("{}:{}: {}", file_.name, line_, what)); }

  IniFile file_;
  std::vector<std::string>& mistakes_;
  int line_ = 0;
  std::size_t key_indent_ = 0;  // of the newest key, in characters
  bool can_continue_ = false;
  bool skipping_ = false;
};

}  // namespace

const IniSection* IniFile::find(std::string_view section) const {
  const auto found = std::find_if(sections.begin(), sections.end(),
                                  [section](const IniSection& candidate) { return candidate.name == section; });
  return found == sections.end() ? nullptr : &*found;
}

IniFile parse_ini(std::string_view text, std::string name, std::vector<std::string>& mistakes) {
  return Parser(std::move(name), mistakes).parse(text);
}

Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t bytes_max) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return fail(ErrorKind::kNotFound, "{}: no such file", path.string());
  }
  if (std::filesystem::is_directory(path, error)) {
    return fail(ErrorKind::kInvalidArgument, "{} is a directory, not a file", path.string());
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fail(ErrorKind::kIo, "open {}: {}", path.string(), std::strerror(errno));
  // Read up to the bound and not by the file's size, which is 0 for a pipe or a file of /proc.
  std::string text(bytes_max + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (stream.bad()) return fail(ErrorKind::kIo, "read {}: {}", path.string(), std::strerror(errno));
  if (text.size() > bytes_max) {
    return fail(ErrorKind::kTooLarge, "{} is larger than {} bytes", path.string(), bytes_max);
  }
  return text;
}

}  // namespace mmm::config
