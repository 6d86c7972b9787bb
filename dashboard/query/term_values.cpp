#include "dashboard/query/term_values.h"

#include "core/config/nearest_name.h"
#include "core/config/units.h"
#include "core/mesh/node_id.h"
#include "dashboard/query/moment.h"
#include "dashboard/query/shown.h"

#include <charconv>
#include <cmath>

namespace mmm::dashboard::query {
namespace {

using index::ValueRange;

constexpr double kNumberMax = 9007199254740991.0;  // 2^53 - 1: exact as a double

std::unexpected<Mistake> mistake(const Piece& piece, std::string message, std::string hint) {
  return std::unexpected(Mistake{
      .position = piece.position, .length = piece.length, .message = std::move(message), .hint = std::move(hint)});
}

// The number as it is stored, which may lie between two whole ones.
std::optional<double> parse_scaled(std::string_view text, std::int64_t scale) {
  std::optional<double> number;
  if (text.starts_with("0x") && scale == 1) {
    std::uint32_t hex = 0;
    const std::string_view digits = text.substr(2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), hex, 16);
    if (error == std::errc{} && end == digits.data() + digits.size()) number = hex;
  } else {
    number = config::parse_number(text);
  }
  if (!number) return std::nullopt;
  double scaled = *number * static_cast<double>(scale);
  if (std::abs(scaled) > kNumberMax) return std::nullopt;
  // -5.2 dB times 100 is not quite -520.
  constexpr double kNear = 1e-6;
  if (std::abs(scaled - std::round(scaled)) < kNear) scaled = std::round(scaled);
  return scaled;
}

std::int64_t at_least(double number) {
  return static_cast<std::int64_t>(std::ceil(number));
}
std::int64_t at_most(double number) {
  return static_cast<std::int64_t>(std::floor(number));
}

std::optional<ValueRange> parse_comparison(std::string_view text, std::int64_t scale) {
  const bool below = text.front() == '<';
  text.remove_prefix(1);
  const bool with_end = text.starts_with('=');
  if (with_end) text.remove_prefix(1);
  const auto number = parse_scaled(text, scale);
  if (!number) return std::nullopt;
  ValueRange range;
  if (below) {
    range.max = with_end ? at_most(*number) : at_least(*number) - 1;
  } else {
    range.min = with_end ? at_least(*number) : at_most(*number) + 1;
  }
  return range;
}

std::optional<ValueRange> parse_range(std::string_view text, std::int64_t scale) {
  if (text.starts_with('<') || text.starts_with('>')) return parse_comparison(text, scale);
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    const auto number = parse_scaled(text, scale);
    if (!number) return std::nullopt;
    return ValueRange{at_least(*number), at_most(*number)};
  }
  const std::string_view first = text.substr(0, dots);
  const std::string_view last = text.substr(dots + 2);
  if (first.empty() && last.empty()) return std::nullopt;
  ValueRange range;
  if (!first.empty()) {
    const auto number = parse_scaled(first, scale);
    if (!number) return std::nullopt;
    range.min = at_least(*number);
  }
  if (!last.empty()) {
    const auto number = parse_scaled(last, scale);
    if (!number) return std::nullopt;
    range.max = at_most(*number);
  }
  return range;
}

std::string joined(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += fmt::format("{}{}", list.empty() ? "" : ", ", name);
  return list;
}

std::string did_you_mean(std::string_view typed, const std::vector<std::string>& names) {
  const std::string nearest = config::nearest_name(typed, names);
  return nearest.empty() ? "" : fmt::format("Did you mean {}? ", nearest);
}

std::expected<void, Mistake> read_node(const Field& field, const Piece& piece, Term& term, ParsedFilter& out) {
  // A number in quotation marks is a name made of digits.
  const auto node =
      piece.quoted ? Result<mesh::NodeNum>(fail(ErrorKind::kNotFound, "")) : mesh::parse_node_id(piece.text);
  if (node) {
    term.ranges.push_back({*node, *node});
    return {};
  }
  if (!piece.quoted && piece.text.starts_with('!')) {
    return mistake(piece, fmt::format("'{}' is not a node's id.", shown(piece.text)),
                   fmt::format("An id is ! and up to 8 digits 0-9, a-f: {}.", field.example));
  }
  out.names.push_back({.term = out.terms.size(),
                       .kind = field.kind,
                       .name = piece.text,
                       .position = piece.position,
                       .length = piece.length});
  return {};
}

std::expected<void, Mistake> read_name(const Field& field, const Piece& piece, Term& term) {
  const NameList& list = field.names();
  if (const auto number = list.find(piece.text)) {
    term.ranges.push_back({*number, *number});
    return {};
  }
  std::vector<std::string> names;
  for (const NamedValue& value : list.values) names.push_back(value.name);
  return mistake(piece, fmt::format("There is no {} '{}'.", list.what, shown(piece.text)),
                 fmt::format("{}Allowed are a number, {}and: {}.", did_you_mean(piece.text, names),
                             list.none ? "none, " : "", joined(names)));
}

std::expected<void, Mistake> read_trait(const Vocabulary& vocabulary, const Piece& piece, Term& term,
                                        ParsedFilter& out) {
  if (const TraitName* trait = vocabulary.find_trait(piece.text)) {
    term.traits.push_back(trait->code);
    out.relative |= trait->relative;
    return {};
  }
  std::vector<std::string> names;
  for (const TraitName& trait : vocabulary.traits) names.emplace_back(trait.name);
  return mistake(piece, fmt::format("A {} is never '{}'.", vocabulary.subject, shown(piece.text)),
                 fmt::format("{}Allowed are: {}.", did_you_mean(piece.text, names), joined(names)));
}

std::expected<void, Mistake> read_time(const Field& field, const Piece& piece, std::int64_t now_us, Term& term,
                                       ParsedFilter& out) {
  const auto moment = parse_moment(piece.text, now_us);
  if (!moment) {
    return mistake(piece, fmt::format("'{}' is not a time.", shown(piece.text)),
                   fmt::format("Allowed are {}.", kMomentForms));
  }
  out.relative |= moment->relative;
  ValueRange range;
  if (field.side == TimeSide::kSince) {
    range.min = moment->time_us;
  } else {
    range.max = moment->time_us - 1;
  }
  term.ranges.push_back(range);
  return {};
}

std::expected<void, Mistake> read_number(const Field& field, const Piece& piece, Term& term) {
  if (const auto range = parse_range(piece.text, field.scale)) {
    term.ranges.push_back(*range);
    return {};
  }
  return mistake(
      piece, fmt::format("'{}' is not a number for {}.", shown(piece.text), field.name),
      fmt::format("Allowed are a number, <, <=, > and >= before one, and a range such as 1..3: {}.", field.example));
}

}  // namespace

std::expected<void, Mistake> read_value(const Vocabulary& vocabulary, const Field& field, const Piece& piece,
                                        std::int64_t now_us, Term& term, ParsedFilter& out) {
  if (piece.text.empty()) {
    return mistake(piece, fmt::format("{} has no value.", field.name), fmt::format("For example {}.", field.example));
  }
  switch (field.kind) {
    case FieldKind::kNode:
      return read_node(field, piece, term, out);
    case FieldKind::kAgent:
      out.names.push_back({.term = out.terms.size(),
                           .kind = field.kind,
                           .name = piece.text,
                           .position = piece.position,
                           .length = piece.length});
      return {};
    case FieldKind::kName:
      return read_name(field, piece, term);
    case FieldKind::kTrait:
      return read_trait(vocabulary, piece, term, out);
    case FieldKind::kTime:
      return read_time(field, piece, now_us, term, out);
    case FieldKind::kNumber:
      return read_number(field, piece, term);
  }
  return {};
}

}  // namespace mmm::dashboard::query
