#pragma once

#include "core/store/index/index_reader.h"
#include "dashboard/query/filter_text.h"

#include <optional>

namespace mmm::dashboard::query {

// A filter whose names are numbers, or what is wrong with one of them.
template <class Filter>
struct Resolved {
  Filter filter{};
  std::optional<Mistake> mistake{};
};

// Look the names up in the index: nodes by short name, else by long name, in any case of ASCII letters; agents by
// their id. A name that nobody or several have is a mistake. Both block.

// Of packet_vocabulary().
Result<Resolved<index::PacketFilter>> resolve_packets(ParsedFilter parsed, index::IndexReader& reader);
// Of node_vocabulary(). `now_us`: what online means.
Result<Resolved<index::NodeFilter>> resolve_nodes(ParsedFilter parsed, index::IndexReader& reader, std::int64_t now_us);

}  // namespace mmm::dashboard::query
