#include "perf/projection/made_log.h"

#include "core/mesh/from_radio.pb.h"
#include "core/upload/upload_codec.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <queue>
#include <random>
#include <string>
#include <vector>

namespace mmm::perf {
namespace {

constexpr std::int64_t kStartUs = 1'767'225'600'000'000;
constexpr std::uint32_t kBroadcast = 0xFFFFFFFF;
constexpr std::uint32_t kForeignChannel = 0x5A;

struct Heard {
  std::int64_t arrival_us = 0;
  std::string payload;
};

using Random = std::mt19937_64;

std::string payload_of(mesh::PortNum port, std::uint32_t node, Random& random) {
  switch (port) {
    case mesh::POSITION_APP: {
      mesh::Position position;
      position.set_latitude_i(static_cast<std::int32_t>(480'000'000 + random() % 5'000'000));
      position.set_longitude_i(static_cast<std::int32_t>(110'000'000 + random() % 5'000'000));
      position.set_altitude(static_cast<std::int32_t>(random() % 900));
      position.set_time(static_cast<std::uint32_t>(kStartUs / 1'000'000));
      position.set_precision_bits(16);
      return position.SerializeAsString();
    }
    case mesh::TELEMETRY_APP: {
      mesh::Telemetry telemetry;
      mesh::DeviceMetrics& metrics = *telemetry.mutable_device_metrics();
      metrics.set_battery_level(static_cast<std::uint32_t>(random() % 101));
      metrics.set_voltage(3.9F);
      metrics.set_channel_utilization(11.5F);
      metrics.set_air_util_tx(1.25F);
      metrics.set_uptime_seconds(static_cast<std::uint32_t>(random() % 1'000'000));
      return telemetry.SerializeAsString();
    }
    case mesh::NODEINFO_APP: {
      mesh::User user;
      user.set_id(fmt::format("!{:08x}", node));
      user.set_long_name(fmt::format("Node number {}", node % 10'000));
      user.set_short_name(fmt::format("{:04}", node % 10'000));
      user.set_hw_model(mesh::HELTEC_V3);
      user.set_public_key(std::string(32, static_cast<char>(node)));
      return user.SerializeAsString();
    }
    default:
      return fmt::format("Message {} to all of the region", random() % 100'000);
  }
}

mesh::MeshPacket packet_of(std::uint32_t node, const Region& region, Random& random) {
  static constexpr mesh::PortNum kMix[] = {mesh::POSITION_APP,  mesh::POSITION_APP, mesh::TELEMETRY_APP,
                                           mesh::TELEMETRY_APP, mesh::NODEINFO_APP, mesh::TEXT_MESSAGE_APP};
  mesh::MeshPacket packet;
  packet.set_from(node);
  packet.set_to(kBroadcast);
  packet.set_id(static_cast<std::uint32_t>(random() | 1U));
  packet.set_rx_time(static_cast<std::uint32_t>(kStartUs / 1'000'000));
  packet.set_hop_start(3);
  packet.set_priority(mesh::MeshPacket::DEFAULT);
  packet.set_transport_mechanism(mesh::MeshPacket::TRANSPORT_LORA);
  if (std::uniform_real_distribution<double>(0, 1)(random) < region.encrypted_share) {
    packet.set_channel(kForeignChannel);
    std::string noise(60, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    packet.set_encrypted(noise);
    return packet;
  }
  const mesh::PortNum port = kMix[random() % std::size(kMix)];
  packet.mutable_decoded()->set_portnum(port);
  packet.mutable_decoded()->set_payload(payload_of(port, node, random));
  packet.mutable_decoded()->set_bitfield(1);
  return packet;
}

void append(store::PacketLog& log, const std::string& agent, std::uint64_t& seq, std::vector<Heard>& heard) {
  upload::UploadHeader header;
  header.set_agent_id(agent);
  header.set_stream_id((agent + std::string(16, '.')).substr(0, 16));
  header.set_agent_version("0.1.0");
  header.mutable_ledger()->set_captured(seq);
  const std::int64_t sent_us = heard.back().arrival_us + 50'000;
  header.set_sent_us(sent_us);
  std::vector<upload::RecordView> records;
  for (const Heard& one : heard) {
    records.push_back(
        {.seq = ++seq, .arrival_us = one.arrival_us, .kind = upload::RECORD_KIND_MESH_PACKET, .payload = one.payload});
  }
  const std::string body = upload::encode_upload(header, records);
  const auto wanted = static_cast<store::LogId>(sent_us + 20'000);
  const store::ChunkToWrite chunk{
      .first_id = std::max(wanted, log.last_id() + 1),
      .head = {.encoding = store::ChunkEncoding::kPlain, .records = static_cast<std::uint32_t>(records.size())},
      .body = body,
      .mark_key = {},
      .mark_seq = 0};
  if (auto written = log.write({&chunk, 1}); !written) {
    fmt::print(stderr, "{}\n", written.error().message);
    std::exit(1);
  }
  heard.clear();
}

}  // namespace

std::unique_ptr<store::PacketLog> make_log(const std::filesystem::path& path, const Region& region) {
  auto log = store::PacketLog::open(path, {});
  if (!log) {
    fmt::print(stderr, "{}\n", log.error().message);
    std::exit(1);
  }
  Random random(region.seed);
  std::vector<std::vector<Heard>> waiting(region.agents);
  std::vector<std::uint64_t> seq(region.agents);
  const double packet_every_us = 1e6 * static_cast<double>(region.receptions_each) / region.receptions_per_second;
  for (std::size_t i = 0; i < region.packets; ++i) {
    const auto node = static_cast<std::uint32_t>(0x10000000U + random() % region.nodes);
    mesh::FromRadio message;
    *message.mutable_packet() = packet_of(node, region, random);
    const auto sent = kStartUs + static_cast<std::int64_t>(packet_every_us * static_cast<double>(i));
    const std::size_t first_agent = random() % region.agents;
    for (std::size_t k = 0; k < region.receptions_each; ++k) {
      mesh::MeshPacket& copy = *message.mutable_packet();
      copy.set_hop_limit(3 - static_cast<std::uint32_t>(std::min<std::size_t>(k, 3)));
      copy.set_relay_node(static_cast<std::uint32_t>(random() % 256));
      copy.set_rx_snr(static_cast<float>(random() % 80) / 4 - 10);
      copy.set_rx_rssi(-40 - static_cast<std::int32_t>(random() % 80));
      const std::size_t agent = (first_agent + k * 7) % region.agents;
      waiting[agent].push_back(
          {.arrival_us = sent + static_cast<std::int64_t>(k * 400'000), .payload = message.SerializeAsString()});
      if (waiting[agent].size() == region.records_per_upload) {
        append(**log, fmt::format("agent-{}", agent), seq[agent], waiting[agent]);
      }
    }
  }
  for (std::size_t agent = 0; agent < region.agents; ++agent) {
    if (!waiting[agent].empty()) append(**log, fmt::format("agent-{}", agent), seq[agent], waiting[agent]);
  }
  if (auto synced = (*log)->sync(); !synced) {
    fmt::print(stderr, "{}\n", synced.error().message);
    std::exit(1);
  }
  return std::move(*log);
}

}  // namespace mmm::perf
