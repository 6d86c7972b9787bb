#pragma once

#include "dashboard/query/filter_text.h"

namespace mmm::dashboard::query {

// A piece of the text: where it begins, and whether it stood in quotation marks, which it has no longer.
struct Piece {
  std::string text{};
  std::size_t position = 0;
  std::size_t length = 0;  // as written
  bool quoted = false;
};

// What the value says of the field, into the term; a name goes to `names`.
std::expected<void, Mistake> read_value(const Vocabulary& vocabulary, const Field& field, const Piece& piece,
                                        std::int64_t now_us, Term& term, ParsedFilter& out);

}  // namespace mmm::dashboard::query
