#pragma once

#include "core/store/index/index_reader.h"
#include "dashboard/query/filter_text.h"

#include <optional>

namespace mmm::dashboard::query {

// A filter whose names are numbers, or what is wrong with one of them.
struct Resolved {
  index::PacketFilter filter;
  std::optional<Mistake> mistake{};
};

// Looks the names up in the index: nodes by short name, else by long name, in any case of ASCII letters; agents by
// their id. A name that nobody or several have is a mistake. Blocks.
Result<Resolved> resolve(ParsedFilter parsed, index::IndexReader& reader);

}  // namespace mmm::dashboard::query
