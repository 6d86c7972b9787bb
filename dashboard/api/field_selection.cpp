#include "dashboard/api/field_selection.h"

#include "dashboard/query/shown.h"

#include <algorithm>

namespace mmm::dashboard {
namespace {

constexpr std::size_t kNamesMax = 100;

struct Member {
  std::string_view name;
  std::string_view value;
};

// The end of the JSON value that begins at `at`: a comma or bracket of the object around it. The text is our own.
std::size_t value_end(std::string_view text, std::size_t at) {
  int depth = 0;
  bool in_string = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']' || c == ',') {
      if (depth == 0) return at;
      if (c != ',') --depth;
    }
  }
  return at;
}

// The members of a JSON object that was written here: without white space, names without escapes.
std::vector<Member> members_of(std::string_view object) {
  std::vector<Member> members;
  std::size_t at = 1;
  while (at < object.size() && object[at] == '"') {
    const std::size_t name_end = object.find('"', at + 1);
    const std::size_t end = value_end(object, name_end + 2);
    members.push_back(
        {.name = object.substr(at + 1, name_end - at - 1), .value = object.substr(name_end + 2, end - name_end - 2)});
    at = end + 1;
  }
  return members;
}

}  // namespace

Result<FieldSelection> FieldSelection::read(const http::Request& request, std::string_view example) {
  FieldSelection selection;
  const auto text = request.query_value("fields");
  if (!text) return selection;
  const std::vector<Member> known = members_of(example);
  std::size_t at = 0;
  while (at <= text->size()) {
    const std::size_t end = std::min(text->find(',', at), text->size());
    const std::string_view name = text->substr(at, end - at);
    at = end + 1;
    if (selection.names_.size() >= kNamesMax || std::ranges::find(known, name, &Member::name) == known.end()) {
      std::string list;
      for (const Member& member : known) list += fmt::format("{}{}", list.empty() ? "" : ", ", member.name);
      return fail(ErrorKind::kInvalidArgument, "fields has '{}'; allowed are, with commas between: {}.", shown(name),
                  list);
    }
    selection.names_.emplace_back(name);
  }
  return selection;
}

void FieldSelection::write(JsonWriter& json, std::string_view object) const {
  if (names_.empty()) {
    json.raw(object);
    return;
  }
  json.begin_object();
  for (const Member& member : members_of(object)) {
    if (std::ranges::find(names_, member.name) != names_.end()) json.key(member.name).raw(member.value);
  }
  json.end_object();
}

}  // namespace mmm::dashboard
