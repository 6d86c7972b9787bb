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
  // Records `first` to `first + count` of the pool, which wraps around and must outlive this.
  UploadBody(const PacketPool& pool, std::size_t first, std::size_t count);

  // What is set for record i. Signal, hops and relay depend on `receiver`, so that each receiver of a packet has its
  // own.
  struct Stamp {
    std::uint64_t first_seq = kFirstSeq;  // + i
    std::int64_t arrival_us = 0;          // + i × arrival_step_us
    std::int64_t arrival_step_us = 1;
    std::uint32_t first_packet = 0;  // the packet id is packet_id(first_packet + i)
    std::uint32_t receiver = 0;
  };
  void set(const Stamp& stamp);
  // Another one for each number, in no visible order, as radios choose them; never 0.
  static std::uint32_t packet_id(std::uint32_t number);

  // The `records` fields of an UploadRequest; to be sent after the header field. Valid until the next set().
  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  [[nodiscard]] std::size_t records() const { return places_.size(); }

 private:
  struct Places {
    std::uint32_t seq;
    std::uint32_t arrival;
    std::uint32_t payload;
    const PacketTemplate* packet;  // the pool's; its places count from `payload`
  };
  static void set_reception(const PacketTemplate& packet, char* payload, std::uint32_t id, std::uint32_t receiver);

  std::string bytes_;
  std::vector<Places> places_;
};

}  // namespace mmm::sim
