#include "core/mesh/privacy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace mmm::mesh {
namespace {

// The middle of the cell of that size, as the firmware rounds. `bits` is 1 to 31.
std::int32_t round_to(std::int32_t fixed, std::uint32_t bits) {
  const std::uint32_t cell = 1U << (Privacy::kExactBits - bits);
  return static_cast<std::int32_t>((static_cast<std::uint32_t>(fixed) & ~(cell - 1)) + cell / 2);
}

// No precision told means exact.
bool is_finer(std::uint32_t told_bits, std::uint32_t bits) {
  return told_bits == 0 || told_bits > bits;
}

bool limit_position(Position& position, std::uint32_t bits) {
  if (bits >= Privacy::kExactBits || !place_of(position) || !is_finer(position.precision_bits(), bits)) return false;
  if (bits == 0) {
    position.clear_latitude_i();
    position.clear_longitude_i();
    position.clear_altitude();
    position.clear_altitude_hae();
  } else {
    position.set_latitude_i(round_to(position.latitude_i(), bits));
    position.set_longitude_i(round_to(position.longitude_i(), bits));
  }
  position.set_precision_bits(bits);
  return true;
}

bool limit_report(MapReport& report, std::uint32_t bits) {
  if (bits >= Privacy::kExactBits || !place_of(report) || !is_finer(report.position_precision(), bits)) return false;
  if (bits == 0) {
    report.clear_latitude_i();
    report.clear_longitude_i();
    report.clear_altitude();
  } else {
    report.set_latitude_i(round_to(report.latitude_i(), bits));
    report.set_longitude_i(round_to(report.longitude_i(), bits));
  }
  report.set_position_precision(bits);
  return true;
}

bool hide_nodes(const Privacy& privacy, google::protobuf::RepeatedField<std::uint32_t>& nodes) {
  bool found = false;
  for (std::uint32_t& node : nodes) {
    if (!privacy.is_hidden(node)) continue;
    node = kBroadcast;
    found = true;
  }
  return found;
}

struct Limiter {
  const Privacy& privacy;

  bool operator()(Position& position) const { return limit_position(position, privacy.position_bits); }
  bool operator()(MapReport& report) const { return limit_report(report, privacy.position_bits); }
  bool operator()(RouteDiscovery& route) const { return privacy.limit(route); }
  bool operator()(Routing& routing) const {
    if (routing.has_route_request()) return privacy.limit(*routing.mutable_route_request());
    return routing.has_route_reply() && privacy.limit(*routing.mutable_route_reply());
  }
  bool operator()(NeighborInfo& info) const {
    auto& neighbors = *info.mutable_neighbors();
    const auto hidden = std::ranges::remove_if(
        neighbors, [this](const Neighbor& neighbor) { return privacy.is_hidden(neighbor.node_id()); });
    bool found = !hidden.empty();
    neighbors.erase(hidden.begin(), hidden.end());
    if (privacy.is_hidden(info.last_sent_by_id())) {
      info.clear_last_sent_by_id();
      found = true;
    }
    return found;
  }
  bool operator()(StoreForwardPlusPlus& stored) const {
    const bool found = privacy.is_hidden(stored.encapsulated_from()) || privacy.is_hidden(stored.encapsulated_to());
    if (!found) return false;
    stored.clear_encapsulated_from();
    stored.clear_encapsulated_to();
    stored.clear_message();
    return true;
  }
  bool operator()(Waypoint& waypoint) const {
    if (!privacy.is_hidden(waypoint.locked_to())) return false;
    waypoint.clear_locked_to();
    return true;
  }
  template <class Other>
  bool operator()(Other&) const {
    return false;
  }
};

}  // namespace

bool Privacy::is_hidden(NodeNum node) const {
  return std::ranges::binary_search(hidden_nodes, node);
}

bool Privacy::limit(Payload& payload) const {
  return is_active() && std::visit(Limiter{*this}, payload);
}

bool Privacy::limit(NodeInfo& info) const {
  return info.has_position() && limit_position(*info.mutable_position(), position_bits);
}

bool Privacy::limit(RouteDiscovery& route) const {
  const bool there = hide_nodes(*this, *route.mutable_route());
  const bool back = hide_nodes(*this, *route.mutable_route_back());
  return there || back;
}

std::string Privacy::describe() const {
  if (!is_active()) return {};
  return fmt::format("position_bits={};hidden_nodes={:08x}", position_bits, fmt::join(hidden_nodes, ","));
}

}  // namespace mmm::mesh
