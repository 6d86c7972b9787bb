#pragma once

#include "perf/sim/load/packet_pool.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::sim {

// The records of an upload, encoded once and changed in place for each further one: every number in them is encoded in
// a fixed number of bytes, so that a new upload costs a few stores a record and no encoding.
class UploadBody {
 public:
  // Sequence numbers from here on take 5 bytes as varints, up to 2^35.
  static constexpr std::uint64_t kFirstSeq = 1ULL << 28U;
  // Records `first` to `first + count` of the pool, which wraps around.
  UploadBody(const PacketPool& pool, std::size_t first, std::size_t count);

  // Record i gets seq `first_seq` + i, arrival `arrival_us` + i, packet id `first_packet_id` + i (never 0), and an SNR
  // that depends on `receiver`, so that each receiver of a packet has its own.
  void set(std::uint64_t first_seq, std::int64_t arrival_us, std::uint32_t first_packet_id, std::uint32_t receiver);

  // The `records` fields of an UploadRequest; to be sent after the header field. Valid until the next set().
  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  [[nodiscard]] std::size_t records() const { return places_.size(); }

 private:
  struct Places {
    std::uint32_t seq;
    std::uint32_t arrival;
    std::uint32_t id;
    std::uint32_t snr;  // 0: none
  };
  std::string bytes_;
  std::vector<Places> places_;
};

}  // namespace mmm::sim
