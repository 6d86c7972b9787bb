#pragma once

#include "dashboard/query/vocabulary.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

// The filter language, in which tables, maps, exports and the live stream are asked for packets or nodes
// (docs/api.md):
//
//   query  = term { white-space term }          all hold
//   term   = ["-"] ( field ":" values | word | quoted )
//   values = value { "," value }                any of them
//   value  = [ "<" | "<=" | ">" | ">=" ] atom | [atom] ".." [atom]
//
// Bounds: limits::kFilter*. Nothing nests.
namespace mmm::dashboard::query {

// What is wrong with a text, where, and what would be right.
struct Mistake {
  std::size_t position = 0;  // in characters: Unicode code points
  std::size_t length = 0;
  std::string message{};        // a sentence
  std::string hint{};           // a sentence; may be empty
  std::string parameter = "q";  // of the request: where the text came from
};

// A name that only the index can turn into a number: a value of the term at that place.
struct UnresolvedName {
  std::size_t term = 0;
  FieldKind kind = FieldKind::kNode;  // or kAgent
  std::string name;
  std::size_t position = 0;  // as Mistake
  std::size_t length = 0;
  std::string parameter = "q";
};

struct ParsedFilter {
  std::vector<Term> terms;
  std::vector<UnresolvedName> names;
  bool relative = false;  // what it means depends on the clock
};

// `now_us`: what relative times are before.
std::expected<ParsedFilter, Mistake> parse_filter(const Vocabulary& vocabulary, std::string_view text,
                                                  std::int64_t now_us);

// Adds `values` of a field, as the language writes them, as one more term: the parameter `port=text,position` of a
// request is `port:text,position`. Positions are those in `values`, and the parameter is the field's name.
std::expected<void, Mistake> add_term(ParsedFilter& filter, const Vocabulary& vocabulary, const Field& field,
                                      std::string_view values, std::int64_t now_us);

}  // namespace mmm::dashboard::query
