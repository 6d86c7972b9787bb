#include "dashboard/query/resolve.h"

#include "core/mesh/node_id.h"
#include "dashboard/query/shown.h"

namespace mmm::dashboard::query {
namespace {

constexpr std::size_t kNamesakesShown = 5;

// What a name stands for, or what is wrong with it.
using Found = std::expected<std::int64_t, Mistake>;

Found mistake(const UnresolvedName& name, std::string message, std::string hint) {
  return std::unexpected(Mistake{.position = name.position,
                                 .length = name.length,
                                 .message = std::move(message),
                                 .hint = std::move(hint),
                                 .parameter = name.parameter});
}

Result<Found> find_node(const UnresolvedName& name, index::IndexReader& reader) {
  auto nodes = reader.nodes_named(name.name, kNamesakesShown + 1);
  if (!nodes) return fail(nodes.error());
  if (nodes->empty()) {
    return mistake(name, fmt::format("No node is called '{}'.", shown(name.name)),
                   "Write its short name, its long name in quotation marks, or its id such as !a1b2c3d4.");
  }
  if (nodes->size() == 1) return Found(nodes->front());
  std::string ids;
  for (std::size_t i = 0; i < nodes->size() && i < kNamesakesShown; ++i) {
    ids += fmt::format("{}{}", ids.empty() ? "" : ", ", mesh::format_node_id((*nodes)[i]));
  }
  if (nodes->size() > kNamesakesShown) ids += ", …";
  return mistake(name, fmt::format("Several nodes are called '{}'.", shown(name.name)),
                 fmt::format("Write the id of the one that is meant: {}.", ids));
}

Result<Found> find_agent(const UnresolvedName& name, index::IndexReader& reader) {
  auto agent = reader.agent_number(name.name);
  if (!agent) return fail(agent.error());
  if (*agent) return Found(**agent);
  return mistake(name, fmt::format("There is no agent '{}'.", shown(name.name)),
                 "The list of agents, /api/v1/agents, has their ids.");
}

// The names' numbers become values of their terms.
Result<std::optional<Mistake>> resolve_names(ParsedFilter& parsed, index::IndexReader& reader) {
  for (const UnresolvedName& name : parsed.names) {
    auto found = name.kind == FieldKind::kAgent ? find_agent(name, reader) : find_node(name, reader);
    if (!found) return fail(found.error());
    if (!*found) return std::move(found->error());
    parsed.terms[name.term].ranges.push_back({**found, **found});
  }
  return std::nullopt;
}

}  // namespace

Result<Resolved<index::PacketFilter>> resolve_packets(ParsedFilter parsed, index::IndexReader& reader) {
  auto mistake = resolve_names(parsed, reader);
  if (!mistake) return fail(mistake.error());
  return Resolved<index::PacketFilter>{.filter = {typed_terms<index::PacketTerm>(parsed.terms)},
                                       .mistake = std::move(*mistake)};
}

Result<Resolved<index::NodeFilter>> resolve_nodes(ParsedFilter parsed, index::IndexReader& reader,
                                                  std::int64_t now_us) {
  auto mistake = resolve_names(parsed, reader);
  if (!mistake) return fail(mistake.error());
  return Resolved<index::NodeFilter>{
      .filter = {.terms = typed_terms<index::NodeTerm>(parsed.terms),
                 .online_since_us = std::max<std::int64_t>(now_us - index::kNodeOnlineUs, 1)},
      .mistake = std::move(*mistake)};
}

}  // namespace mmm::dashboard::query
