// Makes the buffer of an agent whose server was away for days: what bench_backlog.py begins with.
#include "agent/buffer/open_buffer.h"
#include "core/mesh/from_radio.pb.h"
#include "core/mesh/telemetry.pb.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <random>
#include <string>
#include <vector>

namespace mmm::agent {
namespace {

constexpr std::size_t kCommitRecords = 5000;
constexpr std::uint32_t kNodes = 200;

struct Arguments {
  std::filesystem::path path;
  std::string server = "main";
  std::uint64_t records = 6'000'000;
  double rate = 10;
};

// One packet as a radio delivers it, about as long as they are on average: some 100 bytes.
class Packets {
 public:
  const std::string& next(std::uint32_t seconds) {
    auto& packet = *message_.mutable_packet();
    const auto node = static_cast<std::uint32_t>(random_()) % kNodes;
    packet.set_from(0x10000000 + node * 7919);
    packet.set_to(0xFFFFFFFF);
    packet.set_id(++id_);
    packet.set_rx_time(seconds);
    packet.set_rx_snr(static_cast<float>(random_() % 80) / 4 - 10);
    packet.set_rx_rssi(-static_cast<int>(random_() % 80) - 50);
    packet.set_hop_start(3);
    packet.set_hop_limit(node % 4);
    packet.set_relay_node(node % 200 + 1);
    packet.set_transport_mechanism(mesh::MeshPacket::TRANSPORT_LORA);
    telemetry_.set_time(seconds);
    auto& metrics = *telemetry_.mutable_device_metrics();
    metrics.set_battery_level(random_() % 101);
    metrics.set_voltage(3 + static_cast<float>(random_() % 1000) / 1000);
    metrics.set_channel_utilization(static_cast<float>(random_() % 2500) / 100);
    metrics.set_air_util_tx(static_cast<float>(random_() % 500) / 100);
    metrics.set_uptime_seconds(static_cast<std::uint32_t>(random_()) % 1'000'000);
    auto& data = *packet.mutable_decoded();
    data.set_portnum(mesh::TELEMETRY_APP);
    data.set_bitfield(1);
    data.set_payload(telemetry_.SerializeAsString());
    message_.SerializeToString(&bytes_);
    return bytes_;
  }

 private:
  std::mt19937_64 random_{1};
  std::uint32_t id_ = 0;
  mesh::FromRadio message_;
  mesh::Telemetry telemetry_;
  std::string bytes_;
};

int run(const Arguments& arguments) {
  auto buffer =
      open_buffer({.path = arguments.path, .max_bytes = std::uint64_t{1} << 40U, .servers = {arguments.server}});
  if (!buffer) {
    fmt::print(stderr, "make_buffer: {}\n", buffer.error().message);
    return 1;
  }
  Packets packets;
  const auto gap_us = static_cast<std::int64_t>(1e6 / arguments.rate);
  std::int64_t arrival_us = to_micros(wall_now()) - gap_us * static_cast<std::int64_t>(arguments.records);
  std::vector<Record> records;
  for (std::uint64_t made = 0; made < arguments.records;) {
    records.clear();
    for (; records.size() < kCommitRecords && made < arguments.records; ++made) {
      records.push_back({.kind = upload::RECORD_KIND_MESH_PACKET,
                         .arrival_us = arrival_us,
                         .payload = packets.next(static_cast<std::uint32_t>(arrival_us / 1'000'000))});
      arrival_us += gap_us;
    }
    if (const auto committed = (*buffer)->commit(records, 0); !committed) {
      fmt::print(stderr, "make_buffer: {}\n", committed.error().message);
      return 1;
    }
  }
  if (const auto closed = (*buffer)->checkpoint(); !closed) {
    fmt::print(stderr, "make_buffer: {}\n", closed.error().message);
    return 1;
  }
  const auto bytes = std::filesystem::file_size(arguments.path);
  fmt::print("{} records, {:.1f} MB, {:.1f} bytes a record\n", arguments.records, static_cast<double>(bytes) / 1e6,
             static_cast<double>(bytes) / static_cast<double>(arguments.records));
  return 0;
}

}  // namespace
}  // namespace mmm::agent

int main(int argc, char** argv) {
  CLI::App app("Makes an agent's buffer with a backlog");
  mmm::agent::Arguments arguments;
  app.add_option("--path", arguments.path, "The file; made when it is not there")->required();
  app.add_option("--server", arguments.server, "Name of the section of the server that it waits for")
      ->capture_default_str();
  app.add_option("--records", arguments.records, "So many")->capture_default_str();
  app.add_option("--rate", arguments.rate, "Heard so many a second, up to now")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return mmm::agent::run(arguments);
}
