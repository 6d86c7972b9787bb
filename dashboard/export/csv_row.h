#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mmm::dashboard {

// Writes rows of RFC 4180. Texts come from the air: one that a spreadsheet would take for a formula gets an apostrophe
// in front, which makes it a text there.
class CsvRow {
 public:
  explicit CsvRow(std::string& out) : out_(out) {}

  CsvRow& text(std::string_view text);
  CsvRow& number(double number);
  template <std::integral Integer>
  CsvRow& number(Integer number) {
    return field(std::to_string(number));
  }
  template <class Number>
  CsvRow& number(const std::optional<Number>& maybe) {
    return maybe ? number(*maybe) : field("");
  }
  // ISO 8601; empty for 0.
  CsvRow& time(std::int64_t time_us);
  void end();

 private:
  CsvRow& field(std::string_view ready);

  std::string& out_;
  bool first_ = true;
};

}  // namespace mmm::dashboard
