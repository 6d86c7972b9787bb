#include "perf/sim/radio/client_limits.h"

#include <algorithm>

namespace mmm::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRecentIds = 20;

}  // namespace

ClientLimits::Verdict ClientLimits::check(const mesh::MeshPacket& packet, SteadyTime now) {
  if (packet.id() != 0) {
    if (std::ranges::find(recent_ids_, packet.id()) != recent_ids_.end()) return Verdict::kDuplicate;
    recent_ids_.push_back(packet.id());
    if (recent_ids_.size() > kRecentIds) recent_ids_.pop_front();
  }
  switch (packet.decoded().portnum()) {
    case mesh::TRACEROUTE_APP:
      // A broadcast traceroute would make the whole mesh answer.
      if (packet.to() == 0xFFFFFFFF && packet.hop_limit() != 0) return Verdict::kDrop;
      return too_soon(traceroute_, now, 30s) ? Verdict::kTracerouteLimit : Verdict::kAccept;
    case mesh::TEXT_MESSAGE_APP:
      return too_soon(text_, now, 2s) ? Verdict::kTextLimit : Verdict::kAccept;
    case mesh::POSITION_APP:
      return too_soon(position_, now, 10s) ? Verdict::kDrop : Verdict::kAccept;
    case mesh::WAYPOINT_APP:
      return too_soon(waypoint_, now, 10s) ? Verdict::kDrop : Verdict::kAccept;
    case mesh::ALERT_APP:
      return too_soon(alert_, now, 10s) ? Verdict::kDrop : Verdict::kAccept;
    case mesh::TELEMETRY_APP:
      return too_soon(telemetry_, now, 10s) ? Verdict::kDrop : Verdict::kAccept;
    default:
      return Verdict::kAccept;
  }
}

void ClientLimits::reset() {
  *this = ClientLimits();
}

bool ClientLimits::too_soon(std::optional<SteadyTime>& last, SteadyTime now, std::chrono::seconds interval) {
  if (last && now - *last < interval) return true;
  last = now;
  return false;
}

}  // namespace mmm::sim
