#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

// What filters of packets and of nodes are made of, and how a term becomes SQL.
namespace mmm::index {

// Both ends are included.
struct ValueRange {
  std::int64_t min = INT64_MIN;
  std::int64_t max = INT64_MAX;

  [[nodiscard]] bool holds(std::int64_t value) const { return value >= min && value <= max; }
  [[nodiscard]] bool is_point() const { return min == max; }
  bool operator==(const ValueRange&) const = default;
};

// Holds when the field is in any of the ranges, has any of the traits, or contains any of the texts; what is not known
// is in no range. Negated: holds when that does not. Which fields take ranges, traits or texts is the filter's matter.
template <class Field, class Trait>
struct FilterTerm {
  Field field{};
  bool negated = false;
  std::vector<ValueRange> ranges{};
  std::vector<Trait> traits{};
  std::vector<std::string> texts{};  // compared in any case of ASCII letters

  bool operator==(const FilterTerm&) const = default;
};

using SqlValue = std::variant<std::int64_t, std::string>;

// Writes conditions whose values stand apart, each named by its place among them: ?1 is the first.
class ConditionWriter {
 public:
  // Appends to `values`, which must outlive the writer.
  explicit ConditionWriter(std::vector<SqlValue>& values) : values_(values) {}

  // The name of the value.
  std::string add(SqlValue value);
  // `column`: an expression of whole numbers.
  std::string in_range(std::string_view column, const ValueRange& range);
  // `column`: an expression of text.
  std::string contains(std::string_view column, std::string_view part);

  // 1 when all terms hold and 0 when not. `range_sql(field, range)`, `trait_sql(trait)` and `text_sql(text)` give the
  // conditions of one value.
  template <class Term, class RangeSql, class TraitSql, class TextSql>
  std::string all(const std::vector<Term>& terms, RangeSql range_sql, TraitSql trait_sql, TextSql text_sql) {
    std::string sql;
    for (const Term& term : terms) {
      std::vector<std::string> any;
      for (const ValueRange& range : term.ranges) any.push_back(range_sql(term.field, range));
      for (const auto trait : term.traits) any.push_back(trait_sql(trait));
      for (const std::string& text : term.texts) any.push_back(text_sql(text));
      and_any(sql, any, term.negated);
    }
    return sql.empty() ? "1" : sql;
  }

 private:
  static void and_any(std::string& sql, const std::vector<std::string>& any, bool negated);

  std::vector<SqlValue>& values_;
};

}  // namespace mmm::index
