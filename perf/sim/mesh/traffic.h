#pragma once

#include "perf/sim/mesh/air_packet.h"
#include "perf/sim/mesh/links.h"
#include "perf/sim/mesh/node.h"

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

namespace mmm::sim {

// What the nodes of a mesh have to say. The shares are those of a busy town, with the rare kinds made common enough
// that a few thousand packets contain all of them.
class Traffic {
 public:
  // `radios`: indexes of the nodes with a listening radio, to which direct messages and traceroutes go.
  Traffic(std::vector<Node>& nodes, const LinkTable& links, std::vector<std::size_t> radios);

  // The next packet of the mesh at this time of the world's clock. Some nodes send what others cannot read:
  // `ciphertext` is then still to be filled in.
  AirPacket make(std::int64_t now_us, Random& random);

  // What each node tells now and then of itself, told by this one now: who it is, or where if it shares that.
  AirPacket node_info(std::size_t origin, Random& random);
  AirPacket position(std::size_t origin, std::int64_t now_us, Random& random);

  // A fresh packet id of that node: a rolling counter below, randomness above, as firmware makes them. Never 0.
  std::uint32_t next_packet_id(Node& node, Random& random) const;

 private:
  // Indexes of nodes with running sums of their activity.
  struct Senders {
    std::vector<std::size_t> nodes;
    std::vector<double> sums;
    [[nodiscard]] std::size_t pick(Random& random) const;
  };
  struct SentText {
    std::uint32_t id;
    AirChannel channel;
  };
  template <class Predicate>
  Senders senders_where(Predicate predicate) const;

  AirPacket from(std::size_t origin, mesh::PortNum port, std::string payload, Random& random) const;
  // Gives the packet its id and counts it.
  void number(AirPacket& packet, Random& random);
  AirPacket telemetry(std::int64_t now_us, Random& random);
  AirPacket text(Random& random);
  AirPacket direct_text(Random& random);
  AirPacket to_radio(std::size_t origin, mesh::PortNum port, std::string payload, Random& random) const;
  AirPacket trace_request(Random& random) const;
  AirPacket trace_reply(Random& random) const;
  AirPacket routing(Random& random) const;
  AirPacket waypoint(std::int64_t now_us, Random& random) const;
  AirPacket application(std::int64_t now_us, Random& random);
  AirPacket unknown_port(Random& random) const;
  AirPacket malformed(Random& random) const;

  std::vector<Node>& nodes_;
  const LinkTable& links_;
  std::vector<std::size_t> radios_;
  Senders everyone_;
  Senders others_;                  // all but the radios' nodes
  std::array<Senders, 7> sensors_;  // one each of the kinds of telemetry.cpp
  std::deque<SentText> recent_texts_;
};

}  // namespace mmm::sim
