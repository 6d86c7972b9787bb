#pragma once

#include "perf/sim/mesh/links.h"
#include "perf/sim/mesh/random.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mmm::sim {

// The first copy of a packet that a node received.
struct Reception {
  std::size_t node = 0;    // who received it
  std::size_t sender = 0;  // who transmitted this copy: the origin or a relay
  std::uint8_t hop_limit = 0;
  float snr = 0;              // dB
  int rssi = 0;               // dBm
  std::int64_t delay_us = 0;  // after the origin began to send
  bool relayed = false;       // this node sent it on
};

// Managed flooding as the firmware does it: a node that hears a packet for the first time sends it on after a wait that
// is shorter the weaker it heard it, with one hop less; a client gives up its turn when it hears another relay first, a
// router does not; a muted client never relays; each node takes only the first copy.
class Flood {
 public:
  explicit Flood(std::size_t nodes);

  // Receptions of one transmission, in the order of time. The result is valid until the next call.
  const std::vector<Reception>& run(const std::vector<Node>& nodes, const LinkTable& links, std::size_t origin,
                                    std::uint8_t hop_limit, std::int64_t airtime_us, Random& random);

  // The relays between origin and `node`, nearest the origin first; of the last run.
  [[nodiscard]] std::vector<std::size_t> relays_to(std::size_t origin, std::size_t node) const;

  // In the last run, the origin received its packet from a relay.
  [[nodiscard]] bool relay_heard_by_origin() const { return relay_heard_by_origin_; }

  // The reception at `node` in the last run, or null.
  [[nodiscard]] const Reception* at(std::size_t node) const;

 private:
  struct Turn {
    std::int64_t at_us;
    std::uint32_t node;
  };
  void transmit(const std::vector<Node>& nodes, const LinkTable& links, std::size_t sender, std::uint8_t hop_limit,
                std::int64_t at_us, std::int64_t airtime_us, Random& random);

  static constexpr std::uint32_t kNotHeard = 0xFFFFFFFF;
  std::vector<std::uint32_t> place_;  // node → index in receptions_, or kNotHeard
  std::vector<bool> waiting_;         // has a turn that is not taken or cancelled
  std::vector<Reception> receptions_;
  std::vector<Turn> turns_;  // a heap, soonest first
  bool relay_heard_by_origin_ = false;
};

}  // namespace mmm::sim
