#pragma once

#include "core/base/result.h"
#include "perf/sim/mesh/random.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace mmm::sim {

// What may go wrong on a radio's line, with its probability for each message or its interval in packets.
struct FaultOptions {
  double garbage = 0;       // bytes that are no frame, before the message
  double wrong_length = 0;  // a header whose length is a lie, before the message
  double short_writes = 0;  // the message leaves byte by byte
  double stall = 0;         // a pause in the middle of the message
  std::chrono::milliseconds stall_time{1000};
  std::uint64_t reboot_every = 0;      // packets
  std::uint64_t disconnect_every = 0;  // packets

  // Reads "garbage=0.01", "wrong-length=P", "short-reads=P", "stall=P" or "stall=P:SECONDS", "reboot=N" or
  // "disconnect=N" and sets it here. kInvalidArgument says what is allowed.
  Result<> add(std::string_view text);
  [[nodiscard]] bool any() const;
};

// Decides, from a seed, what happens to each message of one radio.
class FaultInjector {
 public:
  FaultInjector(const FaultOptions& options, std::uint64_t seed);

  struct Plan {
    std::string before;                 // bytes to send first
    bool silence_after_before = false;  // `before` is an unfinished frame: only a silence reveals that
    bool byte_by_byte = false;
    std::size_t stall_at = 0;  // pause after so many bytes; 0: no pause
  };
  Plan next(std::size_t frame_bytes);
  [[nodiscard]] bool any() const { return options_.any(); }
  [[nodiscard]] std::chrono::milliseconds stall_time() const { return options_.stall_time; }

  enum class After : std::uint8_t { kNothing, kReboot, kDisconnect };
  // Call once for each packet that was delivered.
  After packet_delivered();

 private:
  std::string garbage();

  FaultOptions options_;
  Random random_;
  std::uint64_t packets_ = 0;
};

// Longer than a receiver waits in the middle of a frame before it looks for the next header.
inline constexpr std::chrono::milliseconds kRevealingSilence{2500};

}  // namespace mmm::sim
