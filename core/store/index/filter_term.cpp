#include "core/store/index/filter_term.h"

#include <fmt/format.h>

namespace mmm::index {

std::string ConditionWriter::add(SqlValue value) {
  values_.push_back(std::move(value));
  return fmt::format("?{}", values_.size());
}

std::string ConditionWriter::in_range(std::string_view column, const ValueRange& range) {
  if (range.is_point()) return fmt::format("{} = {}", column, add(range.min));
  // One after the other: their places are the order of the calls.
  const std::string min = add(range.min);
  const std::string max = add(range.max);
  return fmt::format("{} BETWEEN {} AND {}", column, min, max);
}

std::string ConditionWriter::contains(std::string_view column, std::string_view part) {
  // LIKE takes letters of ASCII in any case, and needs half the time of lower() and instr().
  std::string pattern = "%";
  for (const char c : part) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return fmt::format("{} LIKE {} ESCAPE '\\'", column, add(pattern + "%"));
}

void ConditionWriter::and_any(std::string& sql, const std::vector<std::string>& any, bool negated) {
  std::string either;
  for (const std::string& part : any) either += fmt::format("{}{}", either.empty() ? "" : " OR ", part);
  // What is not known makes a comparison NULL, and NOT of that is NULL again.
  sql += fmt::format("{}({}IFNULL({}, 0))", sql.empty() ? "" : " AND ", negated ? "NOT " : "",
                     either.empty() ? "0" : either);
}

}  // namespace mmm::index
