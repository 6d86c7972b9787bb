#pragma once

#include <cstdint>

namespace mmm::agent {

// What became of every record since the buffer was made, for one server. The identity
//   captured = delivered + set_aside + filtered + dropped + waiting
// holds at every moment: all of it is written in the transaction that moves the records.
struct Ledger {
  std::uint64_t captured = 0;   // taken from the radio, the ones that could not be kept included
  std::uint64_t delivered = 0;  // acknowledged by the server
  std::uint64_t duplicate = 0;  // of those delivered: the server had them already
  std::uint64_t set_aside = 0;  // refused by the server for good and kept in the buffer file with the reason
  std::uint64_t filtered = 0;   // not for this server by its filters
  std::uint64_t dropped = 0;    // lost before delivery: the buffer or the disk was full

  [[nodiscard]] std::uint64_t waiting() const { return captured - delivered - set_aside - filtered - dropped; }

  bool operator==(const Ledger&) const = default;
};

}  // namespace mmm::agent
