#pragma once

#include "perf/sim/mesh/air_packet.h"
#include "perf/sim/mesh/channels.h"
#include "perf/sim/mesh/flood.h"
#include "perf/sim/mesh/population.h"
#include "perf/sim/mesh/traffic.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace mmm::sim {

struct WorldOptions {
  PopulationOptions population;
  std::size_t radios = 1;
  // Mean time between two packets of the mesh on the world's clock.
  std::int64_t mean_gap_us = 500'000;
};

// One radio's first copy of a packet.
struct HeardPacket {
  std::size_t radio = 0;
  Reception reception;
  // Traceroutes only: the relays it came by and the SNR at each of them, the radio itself last.
  std::vector<std::uint32_t> route;
  std::vector<float> route_snr;
  std::uint8_t relay_byte = 0;
};

// One packet of the mesh and which radios heard it.
struct Transmission {
  AirPacket packet;
  std::int64_t sent_us = 0;
  std::vector<HeardPacket> heard;
  // The origin heard another node send it on: to it, that is an acknowledgement.
  bool relay_heard_by_origin = false;
};

// The simulated mesh: nodes, how they hear each other, and what they send, as a function of the options alone. It has a
// clock of its own, which moves with each packet; no I/O, no other time.
class World {
 public:
  explicit World(const WorldOptions& options);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Moves the clock to the next packet and sends it.
  Transmission next();

  // What this node tells of itself, sent once more out of its turn: who it is and, if it shares that, where. Does not
  // move the clock.
  std::vector<Transmission> introduce(std::size_t node);

  // A packet that a radio's client sends. The mesh answers it as nodes would: acknowledgements, traceroute replies.
  // They and the packet itself come out of next_answer().
  void send(AirPacket packet);
  // What is due because of send(); empty when nothing is. Does not move the clock.
  std::optional<Transmission> next_answer();

  [[nodiscard]] std::int64_t now_us() const { return now_us_; }
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] Node& radio_node(std::size_t radio) { return nodes_[radios_[radio]]; }
  [[nodiscard]] const std::vector<std::size_t>& radio_nodes() const { return radios_; }
  [[nodiscard]] const LinkTable& links() const { return links_; }
  // The index of the node with that number.
  [[nodiscard]] std::optional<std::size_t> find(std::uint32_t num) const;
  // A packet id that this node has not used lately.
  std::uint32_t next_packet_id(std::size_t node);

 private:
  Transmission transmit(AirPacket packet, Random& random);
  void encrypt(AirPacket& packet, Random& random);
  void answer(const AirPacket& packet);
  AirPacket reply_to(const AirPacket& packet, std::size_t destination);
  void answer_traceroute(const AirPacket& request, std::size_t destination);
  void move_nodes();

  std::uint64_t seed_;
  // Also of the start: a mesh that is started again sends other packets, as nodes that reboot choose new packet ids.
  std::uint64_t traffic_seed_;
  std::int64_t mean_gap_us_;
  std::int64_t now_us_;
  std::int64_t moved_us_;
  std::uint64_t packets_ = 0;
  std::vector<std::size_t> radios_;  // filled while nodes_ is made
  std::vector<Node> nodes_;
  LinkTable links_;
  Traffic traffic_;
  Flood flood_;
  ChannelEncryptor encryptor_;
  Random answers_random_;
  Random introductions_random_;
  std::deque<AirPacket> answers_;
  std::unordered_map<std::uint32_t, std::size_t> index_of_;
  GeoPoint center_;
  double radius_m_;
};

}  // namespace mmm::sim
