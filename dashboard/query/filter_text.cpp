#include "dashboard/query/filter_text.h"

#include "core/base/encoding.h"
#include "core/base/limits.h"
#include "core/config/nearest_name.h"
#include "dashboard/query/shown.h"
#include "dashboard/query/term_values.h"

#include <algorithm>

namespace mmm::dashboard::query {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::unexpected<Mistake> mistake(std::size_t position, std::size_t length, std::string message, std::string hint) {
  return std::unexpected(
      Mistake{.position = position, .length = length, .message = std::move(message), .hint = std::move(hint)});
}

// Reads from the front of the text.
class FilterReader {
 public:
  FilterReader(const Vocabulary& vocabulary, std::string_view text, std::int64_t now_us, ParsedFilter& out)
      : vocabulary_(vocabulary), text_(text), now_us_(now_us), out_(out) {}

  std::expected<void, Mistake> read_terms() {
    for (skip_space(); !at_end(); skip_space()) {
      if (out_.terms.size() >= limits::kFilterTermsMax) {
        return mistake(at_, text_.size() - at_, fmt::format("There are more than {} terms.", limits::kFilterTermsMax),
                       "Put values of one field together, with commas.");
      }
      if (auto term = read_term(); !term) return term;
    }
    return {};
  }

  // All of the text is values of the field; `whole`: white space is part of them.
  std::expected<void, Mistake> read_values(const Field& field, bool negated, bool whole) {
    Term term{.field = field.code, .negated = negated};
    for (std::size_t count = 0;; ++count) {
      if (count >= limits::kFilterValuesMax) {
        return mistake(at_, 1, fmt::format("{} has more than {} values.", field.name, limits::kFilterValuesMax),
                       "Write another term, or a range.");
      }
      auto piece = read_piece(whole);
      if (!piece) return std::unexpected(std::move(piece.error()));
      if (auto value = read_value(vocabulary_, field, *piece, now_us_, term, out_); !value) return value;
      if (at_end() || text_[at_] != ',') break;
      ++at_;
    }
    if (!at_end() && !is_space(text_[at_])) {
      return mistake(at_, 1, "After a closing quotation mark comes a comma or a space.", "");
    }
    out_.terms.push_back(std::move(term));
    return {};
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  void skip_space() {
    while (!at_end() && is_space(text_[at_])) ++at_;
  }

  std::expected<void, Mistake> read_term() {
    const std::size_t begin = at_;
    const bool negated = text_[at_] == '-';
    if (negated) ++at_;
    std::size_t colon = at_;
    while (colon < text_.size() && is_name_char(text_[colon])) ++colon;
    if (colon == at_ || colon >= text_.size() || text_[colon] != ':') return read_words(negated);
    const std::string_view name = text_.substr(at_, colon - at_);
    const Field* field = vocabulary_.find_field(name);
    if (field == nullptr) return unknown_field(name);
    at_ = colon + 1;
    auto values = read_values(*field, negated, false);
    // What is missing has no place of its own: the term is shown.
    if (!values && values.error().length == 0) {
      values.error().position = begin;
      values.error().length = at_ - begin;
    }
    return values;
  }

  std::expected<void, Mistake> unknown_field(std::string_view name) const {
    std::vector<std::string> names;
    std::string list;
    for (const Field& field : vocabulary_.fields) {
      names.emplace_back(field.name);
      list += fmt::format("{}{}", list.empty() ? "" : ", ", field.name);
    }
    const std::string nearest = config::nearest_name(name, names);
    return mistake(at_, name.size(), fmt::format("There is no field '{}' of a {}.", shown(name), vocabulary_.subject),
                   fmt::format("{}Fields are: {}. To look for a colon in a text, put it in quotation marks.",
                               nearest.empty() ? "" : fmt::format("Did you mean {}? ", nearest), list));
  }

  // A word, or several in quotation marks, that the text contains.
  std::expected<void, Mistake> read_words(bool negated) {
    const std::size_t begin = at_;
    auto piece = read_piece(false, false);
    if (!piece) return std::unexpected(std::move(piece.error()));
    if (!at_end() && !is_space(text_[at_])) {
      return mistake(at_, 1, "After a closing quotation mark comes a space.", "");
    }
    if (piece->text.empty()) {
      return mistake(begin, std::max<std::size_t>(piece->length, 1), "There is nothing to look for.",
                     "Write a word, or several in quotation marks.");
    }
    out_.terms.push_back({.field = vocabulary_.text_code, .negated = negated, .texts = {std::move(piece->text)}});
    return {};
  }

  // Up to a space (unless `whole`), or a comma (where they part values).
  std::expected<Piece, Mistake> read_piece(bool whole, bool commas_part = true) {
    Piece piece{.position = at_};
    if (!at_end() && text_[at_] == '"') return read_quoted();
    while (!at_end() && (whole || !is_space(text_[at_])) && !(commas_part && text_[at_] == ',')) {
      piece.text += text_[at_++];
    }
    piece.length = at_ - piece.position;
    return piece;
  }

  // A backslash makes the next character stand for itself.
  std::expected<Piece, Mistake> read_quoted() {
    Piece piece{.position = at_, .quoted = true};
    for (++at_; !at_end(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        piece.length = at_ - piece.position;
        return piece;
      }
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      piece.text += text_[at_];
    }
    return mistake(piece.position, text_.size() - piece.position, "The quotation mark is not closed.",
                   "Write \" at the end, and \\\" for one inside.");
  }

  const Vocabulary& vocabulary_;
  std::string_view text_;
  std::int64_t now_us_;
  ParsedFilter& out_;
  std::size_t at_ = 0;
};

std::expected<void, Mistake> check_text(std::string_view text) {
  if (text.size() > limits::kFilterBytesMax) {
    return mistake(limits::kFilterBytesMax, text.size() - limits::kFilterBytesMax,
                   fmt::format("The filter has {} bytes.", text.size()),
                   fmt::format("Allowed are {}.", limits::kFilterBytesMax));
  }
  if (!is_valid_utf8(text)) return mistake(0, text.size(), "The filter is not valid UTF-8.", "");
  return {};
}

// Characters that begin before the byte.
std::size_t characters(std::string_view text, std::size_t bytes) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text.substr(0, bytes), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Bytes become characters, and the place gets its parameter's name.
template <class Place>
void tell_place(Place& place, std::string_view text, std::string_view parameter) {
  const std::size_t end = characters(text, place.position + place.length);
  place.position = characters(text, place.position);
  place.length = end - place.position;
  place.parameter = parameter;
}

}  // namespace

std::expected<ParsedFilter, Mistake> parse_filter(const Vocabulary& vocabulary, std::string_view text,
                                                  std::int64_t now_us) {
  constexpr std::string_view kParameter = "q";
  ParsedFilter out;
  auto read = check_text(text);
  if (read) read = FilterReader(vocabulary, text, now_us, out).read_terms();
  if (!read) {
    tell_place(read.error(), text, kParameter);
    return std::unexpected(std::move(read.error()));
  }
  for (UnresolvedName& name : out.names) tell_place(name, text, kParameter);
  return out;
}

std::expected<void, Mistake> add_term(ParsedFilter& filter, const Vocabulary& vocabulary, const Field& field,
                                      std::string_view values, std::int64_t now_us) {
  const std::size_t names_before = filter.names.size();
  auto read = check_text(values);
  if (read) read = FilterReader(vocabulary, values, now_us, filter).read_values(field, false, true);
  if (!read) {
    tell_place(read.error(), values, field.name);
    return read;
  }
  for (std::size_t i = names_before; i < filter.names.size(); ++i) tell_place(filter.names[i], values, field.name);
  return {};
}

}  // namespace mmm::dashboard::query
