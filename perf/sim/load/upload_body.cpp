#include "perf/sim/load/upload_body.h"

#include "core/base/check.h"
#include "core/upload/upload.pb.h"
#include "core/upload/wire_writer.h"

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
    places.id = here() + static_cast<std::uint32_t>(packet.id_at);
    places.snr = packet.snr_at == 0 ? 0 : here() + static_cast<std::uint32_t>(packet.snr_at);
    bytes_ += packet.bytes;
    MMM_CHECK(here() - start == size);
    places_.push_back(places);
  }
}

void UploadBody::set(std::uint64_t first_seq, std::int64_t arrival_us, std::uint32_t first_packet_id,
                     std::uint32_t receiver) {
  MMM_CHECK(first_seq >= kFirstSeq);
  char* const out = bytes_.data();
  std::uint32_t id = first_packet_id;
  for (std::size_t i = 0; i < places_.size(); ++i, ++id) {
    const Places& places = places_[i];
    store_varint<kSeqBytes>(out + places.seq, first_seq + i);
    store_varint<kArrivalBytes>(out + places.arrival, static_cast<std::uint64_t>(arrival_us) + i);
    store_u32(out + places.id, id == 0 ? 1 : id);
    if (places.snr == 0) continue;
    // -15 to +8.75 dB in quarters.
    const auto quarters = static_cast<float>((receiver * 29U + id * 7U) % 96U);
    store_u32(out + places.snr, std::bit_cast<std::uint32_t>(quarters / 4 - 15 + 0.125F));
  }
}

}  // namespace mmm::sim
