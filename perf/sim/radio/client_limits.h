#pragma once

#include "core/base/time.h"
#include "core/mesh/mesh_packet.pb.h"

#include <cstdint>
#include <deque>
#include <optional>

namespace mmm::sim {

// What a radio refuses from its client: packets that it has just had, and too many of a kind.
class ClientLimits {
 public:
  enum class Verdict : std::uint8_t {
    kAccept,
    kDuplicate,        // ignored without an answer
    kDrop,             // queueStatus as if it were sent
    kTracerouteLimit,  // and a notification
    kTextLimit,        // and a routing error
  };
  Verdict check(const mesh::MeshPacket& packet, SteadyTime now);

  // A new connection starts with fresh limits.
  void reset();

 private:
  bool too_soon(std::optional<SteadyTime>& last, SteadyTime now, std::chrono::seconds interval);

  std::deque<std::uint32_t> recent_ids_;
  std::optional<SteadyTime> traceroute_;
  std::optional<SteadyTime> text_;
  std::optional<SteadyTime> position_;
  std::optional<SteadyTime> waypoint_;
  std::optional<SteadyTime> alert_;
  std::optional<SteadyTime> telemetry_;
};

}  // namespace mmm::sim
