#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "perf/sim/radio/line_protocol.h"
#include "perf/sim/radio/radio.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace mmm::sim {

// What the radios delivered, one JSON object a line, flushed line by line: the oracle of end-to-end tests. README.md
// beside this folder's CMakeLists.txt describes the lines.
class Truth {
 public:
  // Keeps counts only.
  Truth();
  ~Truth();
  Truth(const Truth&) = delete;
  Truth& operator=(const Truth&) = delete;

  // Creates or empties the file. kIo when it cannot be written.
  Result<> open(const std::string& path);

  // Once for each radio, before anything is delivered.
  void radio(std::size_t number, const Radio& radio);
  void node(const Node& node);
  // A FromRadio message whose last byte the line has taken.
  void delivered(std::size_t number, std::uint32_t own_num, const OutMessage& message, WallTime when);
  // A ToRadio message of the client, whatever the radio makes of it.
  void received(std::size_t number, std::string_view to_radio, WallTime when);
  // "attached", "ready", "gone", "reboot", "disconnect", …; `detail` says more.
  void event(std::size_t number, std::string_view what, std::string_view detail, WallTime when);
  void generated(std::uint64_t packets);
  // The totals; the last line.
  void summary(std::uint64_t generated, const std::vector<std::unique_ptr<Radio>>& radios);

 private:
  void packet(std::size_t number, std::uint32_t own_num, const mesh::MeshPacket& packet, const PacketMarks& marks,
              WallTime when);
  void node_info(std::size_t number, const mesh::NodeInfo& info, WallTime when);
  void write(std::string_view line);

  int file_ = -1;
  std::unordered_set<std::uint64_t> heard_;    // from and id of packets heard, each once
  std::unordered_set<std::uint32_t> sources_;  // nodes that packets came from or node lists named
  std::uint64_t receptions_ = 0;               // heard on the air
  std::uint64_t without_id_ = 0;
  std::uint64_t replays_ = 0;
  std::uint64_t simulated_ = 0;
  std::uint64_t own_ = 0;
  std::uint64_t node_infos_ = 0;
};

}  // namespace mmm::sim
