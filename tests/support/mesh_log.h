#pragma once

#include "core/mesh/from_radio.pb.h"
#include "core/store/packet_log.h"
#include "core/upload/upload.pb.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::test {

// A record of an upload before it is encoded.
struct MadeRecord {
  std::int64_t arrival_us = 0;
  upload::RecordKind kind = upload::RECORD_KIND_MESH_PACKET;
  std::string payload;
};

// A packet log that a test fills upload by upload.
class MeshLog {
 public:
  explicit MeshLog(const std::filesystem::path& path);

  // Appends an upload at `at` (its first id) and makes it durable. Aborts the test when that fails.
  void append(std::string_view agent, store::LogId at, const std::vector<MadeRecord>& records);
  void append(const upload::UploadHeader& header, store::LogId at, const std::vector<MadeRecord>& records);

  [[nodiscard]] const store::PacketLog& log() const { return *log_; }
  [[nodiscard]] store::PacketLog& log() { return *log_; }

 private:
  std::unique_ptr<store::PacketLog> log_;
  std::uint64_t next_seq_ = 1;
};

// 2026-01-01T00:00:00Z in microseconds.
inline constexpr std::int64_t kTestEpochUs = 1'767'225'600'000'000;

upload::UploadHeader made_header(std::string_view agent);

// A packet off the air, direct, with signal; change what the test is about.
mesh::MeshPacket made_packet(std::uint32_t from, std::uint32_t id, mesh::PortNum port, std::string_view payload);
mesh::MeshPacket made_text(std::uint32_t from, std::uint32_t id, std::string_view text);
// The same packet as a radio without the channel's key delivers it: the default key, channel LongFast.
mesh::MeshPacket encrypted_on_default_channel(const mesh::MeshPacket& packet);

MadeRecord packet_record(const mesh::MeshPacket& packet, std::int64_t arrival_us);
MadeRecord own_info_record(std::uint32_t num, std::int64_t arrival_us);
MadeRecord node_info_record(const mesh::NodeInfo& info, std::int64_t arrival_us);

// A made-up region: some nodes, several agents, and everything that makes a projection hard: further receptions near
// and late, encrypted and later readable copies, replays, own, MQTT and simulated packets, node lists, statuses,
// garbage. The same seed gives the same log.
struct MadeRegion {
  std::uint64_t seed = 1;
  std::size_t uploads = 200;
  std::size_t records_per_upload = 20;
  std::size_t agents = 4;
  std::size_t nodes = 30;
  std::int64_t upload_every_us = 20'000'000;
};
void fill(MeshLog& log, const MadeRegion& region);

// Every row of every table of an SQLite file as text, in a fixed order.
std::vector<std::string> dump_database(const std::filesystem::path& path);

}  // namespace mmm::test
