#pragma once

#include "core/store/packet_log.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace mmm::perf {

// A busy region as its agents upload it.
struct Region {
  std::size_t packets = 40'000;
  std::size_t receptions_each = 5;  // by different agents
  std::size_t nodes = 2000;
  std::size_t agents = 50;
  std::size_t records_per_upload = 500;
  double receptions_per_second = 5000;
  double encrypted_share = 0.4;  // of foreign channels
  std::uint64_t seed = 1;
};

// Writes the region's uploads to a new packet log, in the order in which they would arrive. Exits on failure.
std::unique_ptr<store::PacketLog> make_log(const std::filesystem::path& path, const Region& region);

}  // namespace mmm::perf
