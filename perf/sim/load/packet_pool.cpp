#include "perf/sim/load/packet_pool.h"

#include "core/base/check.h"
#include "core/mesh/from_radio.pb.h"
#include "perf/sim/mesh/geo.h"
#include "perf/sim/mesh/random.h"
#include "perf/sim/radio/config_dump.h"
#include "perf/sim/radio/radio.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <deque>
#include <numbers>
#include <utility>

namespace mmm::sim {
namespace {

// Where two messages of the same length begin to differ.
std::size_t difference(const std::string& a, const std::string& b) {
  MMM_CHECK(a.size() == b.size());
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

constexpr std::size_t kNodesPerRadio = 100;
// A town has so many; more are a region. In one town each packet would be flooded by thousands that all hear it.
constexpr double kNodesOfTown = 100;
constexpr double kTownRadiusKm = 12;
// What one packet costs grows with the square of the mesh: beyond this there are meshes side by side.
constexpr std::size_t kNodesOfOneMesh = 2000;
constexpr std::size_t kNodesOfRegion = 500;
constexpr double kNorth = 0;
constexpr double kEast = std::numbers::pi / 2;

// Finds the fields by changing all their bytes and looking what became different.
PacketTemplate make_template(mesh::FromRadio message) {
  mesh::MeshPacket& packet = *message.mutable_packet();
  // Every value here takes as many bytes as the values that will be put in.
  packet.set_id(0x01010101);
  if (packet.hop_limit() == 0 && packet.hop_start() > 0) packet.set_hop_limit(1);
  if (packet.relay_node() != 0) packet.set_relay_node(0x80);
  if (packet.rx_rssi() != 0) packet.set_rx_rssi(std::clamp(packet.rx_rssi(), -128, -1));
  PacketTemplate out;
  out.bytes = message.SerializeAsString();
  out.hop_limit = static_cast<std::uint8_t>(packet.hop_limit());
  out.hop_start = static_cast<std::uint8_t>(packet.hop_start());
  out.from_byte = static_cast<std::uint8_t>(packet.from());
  const auto place_of = [&message, &out](auto change) {
    mesh::FromRadio other = message;
    change(*other.mutable_packet());
    return difference(out.bytes, other.SerializeAsString());
  };
  out.id_at = place_of([](mesh::MeshPacket& other) { other.set_id(0xFEFEFEFE); });
  if (packet.rx_snr() != 0) {
    // In bits: the lowest byte changes too.
    out.snr_at = place_of([](mesh::MeshPacket& other) {
      other.set_rx_snr(std::bit_cast<float>(std::bit_cast<std::uint32_t>(other.rx_snr()) ^ 1U));
    });
  }
  if (packet.rx_rssi() != 0) {
    out.rssi_at = place_of([](mesh::MeshPacket& other) { other.set_rx_rssi(other.rx_rssi() ^ 1); });
  }
  if (packet.rx_time() != 0) {
    out.time_at = place_of([](mesh::MeshPacket& other) { other.set_rx_time(other.rx_time() ^ 1U); });
  }
  if (packet.hop_limit() != 0) {
    out.hop_limit_at = place_of([](mesh::MeshPacket& other) { other.set_hop_limit(other.hop_limit() + 1); });
  }
  if (packet.relay_node() != 0) {
    out.relay_at = place_of([](mesh::MeshPacket& other) { other.set_relay_node(other.relay_node() ^ 1U); });
  }
  return out;
}

// Takes what the radio has for its client.
void introduce(Radio& radio, PacketPool& pool) {
  mesh::ToRadio request;
  request.set_want_config_id(kNonceOnlyConfig);
  radio.receive(request.SerializeAsString(), SteadyTime{});
  while (auto out = radio.next_message()) {
    mesh::FromRadio message;
    message.ParseFromString(out->bytes);
    if (message.has_my_info())
      pool.own_info = std::move(out->bytes);
    else if (message.has_metadata())
      pool.metadata = std::move(out->bytes);
    else if (message.has_node_info())
      pool.own_node = std::move(out->bytes);
  }
}

// Adds what radios got of a transmission: one copy of it, from which those of the others are made (UploadBody).
void add_heard(const Transmission& transmission, std::deque<Radio>& radios, std::size_t count, PacketPool& pool) {
  if (transmission.heard.empty()) return;
  const HeardPacket& heard = transmission.heard[pool.packets.size() % transmission.heard.size()];
  Radio& radio = radios[heard.radio];
  radio.hear(transmission, heard);
  while (auto out = radio.next_message()) {
    mesh::FromRadio message;
    message.ParseFromString(out->bytes);
    if (out->is_packet && !out->marks.simulated && pool.packets.size() < count) {
      pool.packets.push_back(make_template(std::move(message)));
    }
  }
}

// A mesh of its own, heard by radios all over it.
PacketPool make_region(const PopulationOptions& population, std::size_t count, bool introduced) {
  // Several radios, or the rim of a large mesh would be out of hearing.
  const std::size_t count_of_radios = std::max<std::size_t>(population.nodes / kNodesPerRadio, 1);
  World world({.population = population, .radios = count_of_radios, .mean_gap_us = 1000});
  PacketPool pool;
  std::deque<Radio> radios;
  for (std::size_t index = count_of_radios; index-- > 0;) {
    // The first one comes last, so that its words are the ones that are kept.
    Radio& radio = radios.emplace_front(world, RadioOptions{.index = index, .seed = population.seed});
    introduce(radio, pool);
  }
  for (std::size_t node = 0; introduced && node < population.nodes; ++node) {
    for (const Transmission& transmission : world.introduce(node)) add_heard(transmission, radios, count, pool);
  }
  while (pool.packets.size() < count) add_heard(world.next(), radios, count, pool);
  return pool;
}

double radius_km_of(std::size_t nodes) {
  return kTownRadiusKm * std::sqrt(std::max(1.0, static_cast<double>(nodes) / kNodesOfTown));
}

}  // namespace

PacketPool make_packet_pool(const PoolOptions& options) {
  const auto& [seed, nodes, count, now_us, introduced] = options;
  if (nodes <= kNodesOfOneMesh) {
    return make_region({.seed = seed, .nodes = nodes, .radius_km = radius_km_of(nodes), .start_us = now_us}, count,
                       introduced);
  }
  // Regions side by side, none of which hears another.
  const std::size_t regions = (nodes + kNodesOfRegion - 1) / kNodesOfRegion;
  const auto columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(regions))));
  const double radius_km = radius_km_of(kNodesOfRegion);
  std::vector<PacketPool> pools;
  for (std::size_t region = 0; region < regions; ++region) {
    PopulationOptions population{.seed = mix(seed, region), .radius_km = radius_km, .start_us = now_us};
    population.nodes = std::max<std::size_t>(2, nodes * (region + 1) / regions - nodes * region / regions);
    const double step_m = 2 * radius_km * 1000;
    const std::size_t column = region % columns;
    const std::size_t row = region / columns;
    population.center = moved(population.center, kEast, step_m * static_cast<double>(column));
    population.center = moved(population.center, kNorth, step_m * static_cast<double>(row));
    pools.push_back(make_region(population, count * (region + 1) / regions - count * region / regions, introduced));
  }
  PacketPool all = std::move(pools.front());
  std::vector<PacketTemplate> packets;
  for (std::size_t i = 0; packets.size() < count; ++i) {
    std::vector<PacketTemplate>& from = i % regions == 0 ? all.packets : pools[i % regions].packets;
    if (i / regions < from.size()) packets.push_back(std::move(from[i / regions]));
  }
  all.packets = std::move(packets);
  return all;
}

}  // namespace mmm::sim
