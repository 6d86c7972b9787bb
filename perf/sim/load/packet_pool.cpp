#include "perf/sim/load/packet_pool.h"

#include "core/base/check.h"
#include "core/mesh/from_radio.pb.h"
#include "perf/sim/radio/config_dump.h"
#include "perf/sim/radio/radio.h"

#include <algorithm>

namespace mmm::sim {
namespace {

// Where two messages of the same length begin to differ.
std::size_t difference(const std::string& a, const std::string& b) {
  MMM_CHECK(a.size() == b.size());
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

// Finds the fields by changing all their bytes and looking what became different.
PacketTemplate make_template(mesh::FromRadio message) {
  mesh::MeshPacket& packet = *message.mutable_packet();
  PacketTemplate out;
  packet.set_id(0xFEFEFEFE);
  const std::string other_id = message.SerializeAsString();
  packet.set_id(0x01010101);
  out.bytes = message.SerializeAsString();
  out.id_at = difference(out.bytes, other_id);
  if (packet.rx_snr() == 0) return out;
  packet.set_rx_snr(-2.5F);  // 00 00 20 C0
  const std::string with_snr = message.SerializeAsString();
  packet.set_rx_snr(8.0000010F);  // 01 00 00 41
  out.snr_at = difference(with_snr, message.SerializeAsString());
  return out;
}

}  // namespace

PacketPool make_packet_pool(std::uint64_t seed, std::size_t nodes, std::size_t count, std::int64_t now_us) {
  World world({.population = {.seed = seed, .nodes = nodes, .start_us = now_us}, .radios = 1, .mean_gap_us = 1000});
  Radio radio(world, {.index = 0, .seed = seed});
  PacketPool pool;

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
  while (pool.packets.size() < count) {
    const Transmission transmission = world.next();
    for (const HeardPacket& heard : transmission.heard) radio.hear(transmission, heard);
    while (auto out = radio.next_message()) {
      mesh::FromRadio message;
      message.ParseFromString(out->bytes);
      if (out->is_packet && !out->marks.simulated && pool.packets.size() < count) {
        pool.packets.push_back(make_template(std::move(message)));
      }
    }
  }
  return pool;
}

}  // namespace mmm::sim
