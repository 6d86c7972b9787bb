#include "dashboard/query/vocabulary.h"

#include "core/base/ascii.h"
#include "core/config/units.h"

#include <algorithm>

namespace mmm::dashboard::query {

const char* to_string(FieldKind kind) {
  switch (kind) {
    case FieldKind::kNode:
      return "node";
    case FieldKind::kName:
      return "name";
    case FieldKind::kNumber:
      return "number";
    case FieldKind::kTime:
      return "time";
    case FieldKind::kTrait:
      return "trait";
    case FieldKind::kAgent:
      return "agent";
  }
  return "";
}

std::optional<std::int64_t> NameList::find(std::string_view text) const {
  const std::string name = ascii_lower(text);
  if (none && name == "none") return none;
  for (const NamedValue& value : values) {
    if (value.name == name || ascii_lower(value.full_name) == name) return value.number;
  }
  const auto number = config::parse_integer(text);
  return number && *number >= 0 && *number <= UINT32_MAX ? number : std::nullopt;
}

const Field* Vocabulary::find_field(std::string_view name) const {
  const auto found = std::ranges::find(fields, ascii_lower(name), &Field::name);
  return found == fields.end() ? nullptr : &*found;
}

const TraitName* Vocabulary::find_trait(std::string_view name) const {
  const auto found = std::ranges::find(traits, ascii_lower(name), &TraitName::name);
  return found == traits.end() ? nullptr : &*found;
}

}  // namespace mmm::dashboard::query
