#include "ingest/privacy_config.h"

#include "core/config/units.h"

#include <fmt/format.h>

#include <algorithm>

namespace mmm::ingest {
namespace {

constexpr std::chrono::hours kDelayMax{7 * 24};

std::vector<mesh::NodeNum> read_nodes(config::SectionReader& section, std::string_view key) {
  auto nodes = section.parsed_list(key, [](const std::string& text) -> Result<mesh::NodeNum> {
    auto node = mesh::parse_node_id(text);
    if (node && (*node < mesh::kNodeNumMin || mesh::is_broadcast(*node))) {
      return fail(ErrorKind::kInvalidArgument, "'{}' is no node", text);
    }
    return node;
  });
  std::ranges::sort(nodes);
  nodes.erase(std::ranges::unique(nodes).begin(), nodes.end());
  return nodes;
}

}  // namespace

PrivacyConfig read_privacy(config::ConfigReader& reader) {
  config::SectionReader section = reader.section("privacy");
  PrivacyConfig privacy;
  privacy.kept_back.position_bits = static_cast<std::uint32_t>(
      section.integer("position_precision", mesh::Privacy::kExactBits, 0, mesh::Privacy::kExactBits));
  privacy.kept_back.hidden_nodes = read_nodes(section, "hidden_nodes");
  privacy.delay = section.duration("delay", privacy.delay, std::chrono::milliseconds{0}, kDelayMax);
  return privacy;
}

}  // namespace mmm::ingest
