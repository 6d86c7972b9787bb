#pragma once

#include "core/store/index/filter_term.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What the filter language can say about one kind of thing: packets (packet_vocabulary.h) or nodes (node_vocabulary.h).
namespace mmm::dashboard::query {

// A term before it is known what it is about: numbers of the fields and traits of one vocabulary.
using Term = index::FilterTerm<std::uint8_t, std::uint8_t>;

enum class FieldKind : std::uint8_t {
  kNode,    // an id or a name of a node
  kName,    // a name of a list, or its number
  kNumber,  // compared and ranged
  kTime,    // a moment
  kTrait,   // a word of Vocabulary::traits
  kAgent,   // an agent's id
};
const char* to_string(FieldKind kind);

// Which side of the time a time field asks for.
enum class TimeSide : std::uint8_t { kSince, kUntil };

struct NamedValue {
  std::string name;  // as the language writes it: "text", "router_late"
  std::int64_t number = 0;
  std::string full_name;  // as the protocol does: "TEXT_MESSAGE_APP"
};

// What the values of a field are called.
struct NameList {
  std::string_view what;  // one of them: "port"
  std::vector<NamedValue> values{};
  std::optional<std::int64_t> none{};  // what "none" stands for

  // By either name in any case, or a number of 32 bits.
  [[nodiscard]] std::optional<std::int64_t> find(std::string_view text) const;
};

struct Field {
  std::string_view name;
  FieldKind kind = FieldKind::kNumber;
  std::uint8_t code = 0;     // of Term::field
  std::string_view unit;     // of numbers; may be empty
  std::string_view meaning;  // one line for people
  std::string_view example;
  // Of numbers: stored is the value times this.
  std::int64_t scale = 1;
  TimeSide side = TimeSide::kSince;
  const NameList& (*names)() = nullptr;  // of kName
};

struct TraitName {
  std::string_view name;
  std::uint8_t code = 0;  // of Term::traits
  std::string_view meaning;
  bool relative = false;  // depends on the clock
};

struct Vocabulary {
  std::string_view subject;  // "packet"
  std::span<const Field> fields;
  std::span<const TraitName> traits;
  std::uint8_t text_code = 0;  // the field of words without one

  // Null: there is none of that name. Any case.
  [[nodiscard]] const Field* find_field(std::string_view name) const;
  [[nodiscard]] const TraitName* find_trait(std::string_view name) const;
};

// The terms as those of the filter, whose fields and traits they are numbers of.
template <class FilterTerm>
std::vector<FilterTerm> typed_terms(const std::vector<Term>& terms) {
  std::vector<FilterTerm> typed;
  typed.reserve(terms.size());
  for (const Term& term : terms) {
    FilterTerm& made = typed.emplace_back();
    made.field = static_cast<decltype(made.field)>(term.field);
    made.negated = term.negated;
    made.ranges = term.ranges;
    for (const std::uint8_t trait : term.traits) {
      made.traits.push_back(static_cast<typename decltype(made.traits)::value_type>(trait));
    }
    made.texts = term.texts;
  }
  return typed;
}

}  // namespace mmm::dashboard::query
