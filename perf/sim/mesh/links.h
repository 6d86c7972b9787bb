#pragma once

#include "perf/sim/mesh/node.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mmm::sim {

// What arrives over one link before fading.
struct Link {
  std::uint32_t to;  // index of the receiving node
  float mean_dbm;
};

// How well every node hears every other: log-distance path loss with log-normal shadowing that is fixed for a pair.
// LongFast on 868 MHz: 250 kHz, spreading factor 11.
class LinkTable {
 public:
  LinkTable(std::uint64_t seed, const std::vector<Node>& nodes);

  // The nodes that may hear `from`, those too weak even with lucky fading left out.
  [[nodiscard]] const std::vector<Link>& from(std::size_t from) const { return links_[from]; }

  // Recomputes the links of a node that has moved.
  void moved(std::size_t index, const std::vector<Node>& nodes);

 private:
  [[nodiscard]] float mean_dbm(std::size_t from, std::size_t to, const std::vector<Node>& nodes) const;

  std::uint64_t seed_;
  std::vector<std::vector<Link>> links_;
};

// Noise in 250 kHz with a typical receiver, and the weakest signal that LongFast still decodes.
inline constexpr float kNoiseFloorDbm = -115;
inline constexpr float kSnrDecodableDb = -17.5F;
// The receivers saturate: stronger signals are not reported with a better SNR.
inline constexpr float kSnrReportedMaxDb = 12.5F;
inline constexpr float kFadingDb = 2.5F;

}  // namespace mmm::sim
