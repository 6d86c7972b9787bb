#include "agent/active/clock_setter.h"

#include "core/mesh/admin.pb.h"
#include "core/mesh/replay.h"

#include <algorithm>
#include <cstdlib>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;

// After the handshake the radio delivers what it had kept for us, with times of then.
constexpr auto kAfterHandshake = 30s;
constexpr auto kAgainAfter = 1h;
constexpr std::int64_t kErrorMaxS = 60;
// 2024-01-01: a machine whose own clock is older has none either.
constexpr std::int64_t kPlausibleFromS = 1'704'067'200;

std::int64_t seconds(WallTime time) {
  return to_micros(time) / 1'000'000;
}

}  // namespace

void ClockSetter::live(SteadyTime now) {
  judge_from_ = std::max(judge_from_, now + kAfterHandshake);
}

void ClockSetter::received(const mesh::MeshPacket& packet, WallTime arrival, SteadyTime now) {
  if (now < judge_from_ || mesh::is_replay(packet)) return;
  needed_ = packet.rx_time() == 0 || std::abs(seconds(arrival) - std::int64_t{packet.rx_time()}) > kErrorMaxS;
}

std::optional<mesh::MeshPacket> ClockSetter::next_packet(std::uint32_t own_node, std::uint32_t id, WallTime wall,
                                                         SteadyTime now) {
  if (!needed_ || own_node == 0 || seconds(wall) < kPlausibleFromS) return std::nullopt;
  needed_ = false;
  judge_from_ = now + kAgainAfter;
  mesh::AdminMessage request;
  request.set_set_time_only(static_cast<std::uint32_t>(seconds(wall)));
  mesh::MeshPacket packet;
  packet.set_to(own_node);
  packet.set_id(id);
  packet.mutable_decoded()->set_portnum(mesh::ADMIN_APP);
  packet.mutable_decoded()->set_payload(request.SerializeAsString());
  return packet;
}

}  // namespace mmm::agent
