#include "perf/sim/load/upload_body.h"

#include "core/base/check.h"
#include "core/upload/upload.pb.h"
#include "core/upload/wire_writer.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace mmm::sim {
namespace {

constexpr std::size_t kSeqBytes = 5;
constexpr std::size_t kArrivalBytes = 8;  // from 2012 to 4253, in µs since the epoch
// 2026: only its encoded length matters.
constexpr std::uint64_t kSomeArrival = 1'790'000'000'000'000;

using upload::append_tag;
using upload::append_varint;

template <std::size_t Size>
void store_varint(char* out, std::uint64_t value) {
  for (std::size_t i = 0; i + 1 < Size; ++i, value >>= 7U) out[i] = static_cast<char>(value | 0x80U);
  out[Size - 1] = static_cast<char>(value);
}

void store_u32(char* out, std::uint32_t value) {
  static_assert(std::endian::native == std::endian::little);
  std::memcpy(out, &value, sizeof value);
}

}  // namespace

UploadBody::UploadBody(const PacketPool& pool, std::size_t first, std::size_t count) {
  using upload::Record;
  using upload::UploadRequest;
  const auto here = [this] { return static_cast<std::uint32_t>(bytes_.size()); };
  for (std::size_t i = 0; i < count; ++i) {
    const PacketTemplate& packet = pool.packets[(first + i) % pool.packets.size()];
    const std::size_t size =
        1 + kSeqBytes + 1 + kArrivalBytes + 2 + 1 + upload::varint_size(packet.bytes.size()) + packet.bytes.size();
    append_tag(bytes_, UploadRequest::kRecordsFieldNumber, upload::kWireBytes);
    append_varint(bytes_, size);
    const std::uint32_t start = here();
    Places places{};
    append_tag(bytes_, Record::kSeqFieldNumber, upload::kWireVarint);
    places.seq = here();
    append_varint(bytes_, kFirstSeq);
    append_tag(bytes_, Record::kArrivalUsFieldNumber, upload::kWireVarint);
    places.arrival = here();
    append_varint(bytes_, kSomeArrival);
    append_tag(bytes_, Record::kKindFieldNumber, upload::kWireVarint);
    append_varint(bytes_, upload::RECORD_KIND_MESH_PACKET);
    append_tag(bytes_, Record::kPayloadFieldNumber, upload::kWireBytes);
    append_varint(bytes_, packet.bytes.size());
    places.payload = here();
    places.packet = &packet;
    bytes_ += packet.bytes;
    MMM_CHECK(here() - start == size);
    places_.push_back(places);
  }
}

std::uint32_t UploadBody::packet_id(std::uint32_t number) {
  constexpr std::uint32_t kOdd = 0x9E3779B1;  // so that no two numbers give the same
  const std::uint32_t id = number * kOdd;
  return id == 0 ? 1 : id;
}

// Every receiver hears the packet its own way: over up to two hops more, from one of a few neighbours, better or worse.
void UploadBody::set_reception(const PacketTemplate& packet, char* payload, std::uint32_t id, std::uint32_t receiver) {
  const std::uint32_t luck = (id ^ receiver * 0x85EBCA6BU) * 0xC2B2AE35U >> 16U;
  const std::uint32_t quarters = luck % 96;  // -15 to +8.75 dB
  if (packet.snr_at != 0) {
    store_u32(payload + packet.snr_at, std::bit_cast<std::uint32_t>(static_cast<float>(quarters) / 4 - 15 + 0.125F));
  }
  if (packet.rssi_at != 0) {
    const auto rssi = -122 + static_cast<int>(quarters * 3 / 4 + luck % 7);
    payload[packet.rssi_at] = static_cast<char>(static_cast<unsigned>(rssi) | 0x80U);
  }
  std::uint32_t hop_limit = packet.hop_limit;
  if (packet.hop_limit_at != 0) {
    hop_limit -= std::min(hop_limit, luck % 3);
    payload[packet.hop_limit_at] = static_cast<char>(hop_limit);
  }
  if (packet.relay_at != 0) {
    constexpr std::uint32_t kNeighbours = 6;
    const bool direct = hop_limit == packet.hop_start;
    const std::uint32_t relay =
        direct ? packet.from_byte : 1 + (receiver * kNeighbours + (luck >> 4U) % kNeighbours) * 41 % 255;
    store_varint<2>(payload + packet.relay_at, relay);
  }
}

void UploadBody::set(const Stamp& stamp) {
  MMM_CHECK(stamp.first_seq >= kFirstSeq);
  char* const out = bytes_.data();
  std::int64_t arrival_us = stamp.arrival_us;
  for (std::size_t i = 0; i < places_.size(); ++i, arrival_us += stamp.arrival_step_us) {
    const Places& places = places_[i];
    const PacketTemplate& packet = *places.packet;
    const std::uint32_t id = packet_id(stamp.first_packet + static_cast<std::uint32_t>(i));
    store_varint<kSeqBytes>(out + places.seq, stamp.first_seq + i);
    store_varint<kArrivalBytes>(out + places.arrival, static_cast<std::uint64_t>(arrival_us));
    char* const payload = out + places.payload;
    store_u32(payload + packet.id_at, id);
    if (packet.time_at != 0) store_u32(payload + packet.time_at, static_cast<std::uint32_t>(arrival_us / 1'000'000));
    set_reception(packet, payload, id, stamp.receiver);
  }
}

}  // namespace mmm::sim
