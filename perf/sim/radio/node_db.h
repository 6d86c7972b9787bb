#pragma once

#include "core/mesh/node.pb.h"
#include "perf/sim/mesh/world.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mmm::sim {

// What a radio remembers of the other nodes: the list it gives to a new client, and the cached messages it repeats.
class NodeDb {
 public:
  // Fills in what the radio has heard before the simulation begins: most of the mesh, some of it without a name.
  NodeDb(const World& world, std::size_t radio, std::uint64_t seed);

  // A packet that the radio can read; `now_s` is the world's clock.
  void heard(const AirPacket& packet, const Reception& reception, std::uint32_t now_s);

  // Entries in the order in which they are sent.
  [[nodiscard]] std::vector<mesh::NodeInfo> infos() const;
  // The packets that a client gets after the configuration, as if they had just been heard.
  [[nodiscard]] std::vector<mesh::MeshPacket> replay(std::uint32_t hop_limit) const;

  // The key that this node announced; empty when the radio does not know it.
  [[nodiscard]] std::string public_key_of(std::uint32_t num) const;
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  // Heard in the two hours before `now_s`.
  [[nodiscard]] std::size_t online(std::uint32_t now_s) const;

 private:
  struct Known {
    std::optional<mesh::User> user;
    std::uint32_t last_heard_s = 0;
    float snr = 0;
    std::uint32_t hops = 0;
    bool via_mqtt = false;
    std::optional<mesh::Position> position;
    std::optional<mesh::Telemetry> device;
    std::optional<mesh::Telemetry> environment;
    std::string status;
  };
  void remember_payload(Known& known, const AirPacket& packet);

  std::map<std::uint32_t, Known> nodes_;
};

}  // namespace mmm::sim
