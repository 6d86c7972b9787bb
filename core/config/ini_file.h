#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::config {

// A configuration file larger than this is not one.
inline constexpr std::size_t kIniBytesMax = 1U << 20U;

struct IniEntry {
  std::string key;    // lower case
  std::string value;  // without surrounding white space; lines of a continued value joined by '\n'
  int line = 0;       // from 1
  // The key as it is written, for sections whose keys are names with a meaning in their case.
  std::string written_key;
};

struct IniSection {
  std::string name;
  int line = 0;
  std::vector<IniEntry> entries;
};

// A parsed INI file, in the dialect of Python's configparser, whose files must load unchanged: `key = value` or
// `key: value`, keys without regard to case, whole-line comments with # or ;, indented lines continue the value above.
// Python's `%%` stands for one `%`.
struct IniFile {
  std::string name;  // as it is named in messages
  std::vector<IniSection> sections;

  [[nodiscard]] const IniSection* find(std::string_view section) const;
};

// Parses `text`. What is wrong is appended to `mistakes` as "NAME:LINE: what, and what is expected", and skipped.
IniFile parse_ini(std::string_view text, std::string name, std::vector<std::string>& mistakes);

// Reads the file's text. Fails with kNotFound, kTooLarge or kIo.
Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t bytes_max);

}  // namespace mmm::config
