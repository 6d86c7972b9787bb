#include "core/store/index/reception_codec.h"

#include "core/base/varint.h"
#include "core/store/index/row_codec.h"

namespace mmm::index {
namespace {

// Which of the values that may be missing are there.
enum Present : std::uint8_t {
  kSnr = 1U << 0U,
  kRssi = 1U << 1U,
  kHops = 1U << 2U,
  kFlags = 1U << 3U,  // not 0
  kRelay = 1U << 4U,  // not 0
};

// A reception at this strength and up to 63 dB beside it takes one byte for it: nearly all that radios measure.
constexpr std::int64_t kTypicalRssi = -75;

// Takes one from the front. The order of the fields is the format's.
bool take_reception(LogId packet, std::int64_t packet_time_us, std::string_view& bytes, ReceptionRow& row) {
  std::uint64_t after = 0;
  std::uint64_t agent = 0;
  std::uint64_t later = 0;
  std::uint64_t hop_limit = 0;
  if (!take_varint(bytes, after) || !take_varint(bytes, agent) || !take_varint(bytes, later)) return false;
  if (!take_varint(bytes, hop_limit) || bytes.empty()) return false;
  const auto present = static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  std::uint64_t snr = 0;
  std::uint64_t rssi = 0;
  std::uint64_t hops = 0;
  std::uint64_t flags = 0;
  std::uint64_t relay = 0;
  if ((present & kSnr) != 0 && !take_varint(bytes, snr)) return false;
  if ((present & kRssi) != 0 && !take_varint(bytes, rssi)) return false;
  if ((present & kHops) != 0 && !take_varint(bytes, hops)) return false;
  if ((present & kFlags) != 0 && !take_varint(bytes, flags)) return false;
  if ((present & kRelay) != 0 && !take_varint(bytes, relay)) return false;
  row.packet = packet;
  row.id = packet + after;
  row.agent = static_cast<std::int64_t>(agent);
  // Added without a sign, since a damaged file may hold any number.
  row.time_us = static_cast<std::int64_t>(static_cast<std::uint64_t>(packet_time_us) +
                                          static_cast<std::uint64_t>(from_zigzag(later)));
  row.hop_limit = static_cast<std::uint32_t>(hop_limit);
  row.snr = (present & kSnr) != 0 ? from_centi(from_zigzag(snr)) : std::nullopt;
  row.rssi.reset();
  if ((present & kRssi) != 0) row.rssi = static_cast<std::int32_t>(from_zigzag(rssi) + kTypicalRssi);
  row.hops.reset();
  if ((present & kHops) != 0) row.hops = static_cast<std::uint32_t>(hops);
  row.flags = static_cast<std::uint32_t>(flags);
  row.relay_node = static_cast<std::uint32_t>(relay);
  return true;
}

}  // namespace

void append_reception(PacketRow& packet, const ReceptionRow& row) {
  std::string& bytes = packet.reception_list;
  const auto snr = to_centi(row.snr);
  append_varint(bytes, row.id - packet.id);
  append_varint(bytes, static_cast<std::uint64_t>(row.agent));
  append_varint(bytes, to_zigzag(row.time_us - packet.time_us));
  append_varint(bytes, row.hop_limit);
  unsigned present = 0;
  if (snr) present |= kSnr;
  if (row.rssi) present |= kRssi;
  if (row.hops) present |= kHops;
  if (row.flags != 0) present |= kFlags;
  if (row.relay_node != 0) present |= kRelay;
  bytes.push_back(static_cast<char>(present));
  if (snr) append_varint(bytes, to_zigzag(*snr));
  if (row.rssi) append_varint(bytes, to_zigzag(*row.rssi - kTypicalRssi));
  if (row.hops) append_varint(bytes, *row.hops);
  if (row.flags != 0) append_varint(bytes, row.flags);
  if (row.relay_node != 0) append_varint(bytes, row.relay_node);
}

std::vector<ReceptionRow> read_receptions(LogId packet, std::int64_t packet_time_us, std::string_view bytes) {
  std::vector<ReceptionRow> rows;
  ReceptionRow row;
  while (!bytes.empty() && take_reception(packet, packet_time_us, bytes, row)) rows.push_back(row);
  return rows;
}

std::optional<std::int64_t> first_agent(std::string_view bytes) {
  ReceptionRow row;
  if (bytes.empty() || !take_reception(0, 0, bytes, row)) return std::nullopt;
  return row.agent;
}

bool is_received_by(std::string_view bytes, std::int64_t agent) {
  ReceptionRow row;
  while (!bytes.empty() && take_reception(0, 0, bytes, row)) {
    if (row.agent == agent) return true;
  }
  return false;
}

}  // namespace mmm::index
