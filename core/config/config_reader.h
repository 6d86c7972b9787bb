#pragma once

#include "core/config/environment.h"
#include "core/config/ini_file.h"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mmm::config {

class ConfigReader;

// How a key is found beside the file.
struct KeyOptions {
  // An environment variable that wins over the file; empty: none.
  std::string_view environment = {};
  // Without a value the program cannot start.
  bool required = false;
};

// The keys of one section, typed. Each getter marks its key as known, and appends what is wrong with its value to the
// reader's mistakes as "FILE:LINE: [section] key: what, and what is allowed"; it then returns the default.
// Lives no longer than its reader.
class SectionReader {
 public:
  [[nodiscard]] const std::string& name() const { return name_; }
  // True when the file has the section.
  [[nodiscard]] bool present() const { return section_ != nullptr; }

  std::string text(std::string_view key, std::string_view fallback, KeyOptions options = {});
  std::optional<std::string> optional_text(std::string_view key, KeyOptions options = {});
  std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t low, std::int64_t high,
                       KeyOptions options = {});
  std::optional<double> optional_number(std::string_view key, double low, double high, KeyOptions options = {});
  double number(std::string_view key, double fallback, double low, double high, KeyOptions options = {});
  // true, yes, on, 1 / false, no, off, 0, in any case.
  bool boolean(std::string_view key, bool fallback, KeyOptions options = {});
  // One of `allowed` (lower case), in any case.
  std::string choice(std::string_view key, std::string_view fallback, std::initializer_list<std::string_view> allowed,
                     KeyOptions options = {});
  // "90" are seconds; also "250ms", "30s", "5m", "12h", "7d".
  std::chrono::milliseconds duration(std::string_view key, std::chrono::milliseconds fallback,
                                     std::chrono::milliseconds low, std::chrono::milliseconds high,
                                     KeyOptions options = {});
  // "1048576" are bytes; also "512K", "64M", "2G", with or without iB, all powers of 1024.
  std::uint64_t byte_size(std::string_view key, std::uint64_t fallback, std::uint64_t low, std::uint64_t high,
                          KeyOptions options = {});
  // Comma-separated, without empty elements.
  std::vector<std::string> list(std::string_view key, KeyOptions options = {});
  // The elements of list(key) as `parse` makes them, a Result of a text; each that it refuses is a mistake.
  template <class Parse>
  auto parsed_list(std::string_view key, Parse parse) {
    std::vector<typename std::invoke_result_t<Parse&, const std::string&>::value_type> values;
    for (const std::string& text : list(key)) {
      auto value = parse(text);
      if (value) {
        values.push_back(std::move(*value));
      } else {
        mistake(key, value.error().message);
      }
    }
    return values;
  }
  // The value of `key`, or the first line of the file that `key`_file names; `environment` NAME also as NAME_FILE. No
  // message shows the value. Both given is a mistake.
  std::optional<std::string> secret(std::string_view key, KeyOptions options = {});
  // Every key and value of the section, all marked as known: for sections whose keys are names, such as [api_keys].
  std::vector<IniEntry> all();
  // Keys of the Python version that mean nothing here: known, not read.
  void ignore(std::initializer_list<std::string_view> keys);

  // Says that the value of `key` is wrong for a reason that only the program knows. Names the environment variable
  // where this reader took the value from one.
  void mistake(std::string_view key, std::string_view what);

 private:
  friend class ConfigReader;
  struct Value {
    std::string text;
    std::string where;  // "FILE:LINE: [section] key" or "environment variable NAME"
  };
  SectionReader(ConfigReader& reader, std::string name, const IniSection* section);
  std::optional<Value> value(std::string_view key, const KeyOptions& options);
  std::optional<Value> file_value(std::string_view key);
  void bad(const Value& value, std::string_view expected);
  void missing(std::string_view key, const KeyOptions& options);

  ConfigReader* reader_;
  std::string name_;
  const IniSection* section_;
  // By key, for those whose value came from the environment: "environment variable NAME".
  std::map<std::string, std::string, std::less<>> from_environment_;
};

// Reads a configuration file against what the program asks of it, and collects every mistake, so that an operator sees
// all of them at once. What the program did not ask for is a mistake as well: a misspelt key must not be silently lost.
class ConfigReader {
 public:
  // `file`: parsed; its own mistakes go in front of ours. Variables are expanded when a value is read.
  ConfigReader(IniFile file, std::vector<std::string> mistakes, Environment environment);
  // Reads and parses the file. Fails when it cannot be read; what is wrong in it is collected.
  static Result<ConfigReader> open(const std::filesystem::path& path, Environment environment);

  SectionReader section(std::string_view name);
  // The sections whose names start with `prefix`, in the file's order.
  std::vector<SectionReader> sections_with_prefix(std::string_view prefix);
  // Sections that are allowed and not read, by name or by prefix ("json_tcp_log_").
  void ignore_section(std::string_view name);
  void ignore_sections_with_prefix(std::string_view prefix);

  // Where variables are looked up, for what is not a key's value.
  [[nodiscard]] const Environment& environment() const { return environment_; }

  // Call when everything was asked for: all mistakes, those of unknown sections and keys included, in line order.
  [[nodiscard]] std::vector<std::string> finish();

 private:
  friend class SectionReader;
  std::string unknown_key(const IniSection& section, const IniEntry& entry) const;
  std::string unknown_section(const IniSection& section) const;

  IniFile file_;
  Environment environment_;
  std::multimap<int, std::string> mistakes_;           // by line; in the order they were found where a line has several
  std::set<std::string, std::less<>> known_sections_;  // read or ignored
  std::vector<std::string> known_prefixes_;
  std::set<std::string, std::less<>> ignored_sections_;
  std::vector<std::string> ignored_prefixes_;
  std::set<std::pair<std::string, std::string>> known_keys_;
};

}  // namespace mmm::config
