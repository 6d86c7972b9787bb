#include "dashboard/export/csv_row.h"

#include "core/base/time.h"

#include <cmath>

namespace mmm::dashboard {
namespace {

// What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), white space before it too.
bool looks_like_formula(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \n\v\f");
  return begin != std::string_view::npos && std::string_view("=+-@\t\r").contains(text[begin]);
}

}  // namespace

CsvRow& CsvRow::field(std::string_view ready) {
  if (!first_) out_ += ',';
  first_ = false;
  out_ += ready;
  return *this;
}

CsvRow& CsvRow::text(std::string_view text) {
  const bool guarded = looks_like_formula(text);
  if (!guarded && text.find_first_of(",\"\r\n\t ") == std::string_view::npos) return field(text);
  std::string quoted = guarded ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  quoted += '"';
  return field(quoted);
}

CsvRow& CsvRow::number(double number) {
  return field(std::isfinite(number) ? fmt::format("{}", number) : std::string());
}

CsvRow& CsvRow::time(std::int64_t time_us) {
  return field(time_us == 0 ? std::string() : to_iso8601(from_micros(time_us)));
}

void CsvRow::end() {
  out_ += "\r\n";
  first_ = true;
}

}  // namespace mmm::dashboard
