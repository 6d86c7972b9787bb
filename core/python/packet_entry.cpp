#include "core/mesh/node_id.h"
#include "core/python/entry_parts.h"

namespace mmm::python {
namespace {

// What firmware writes where it does not know: -128 quarters of a decibel.
constexpr double kSnrUnknown = -32;
constexpr double kSnrMax = 1000;

}  // namespace

Result<PacketEntry> read_packet(json::object entry, mesh::MeshPacket& out) {
  PacketEntry told;
  if (const auto from = node_number(text(entry, "from_node")); from && !mesh::is_broadcast(*from) && *from != 0) {
    out.set_from(*from);
    told.has_sender = true;
  }
  out.set_to(node_number(text(entry, "to_node")).value_or(0));
  out.set_id(integer<std::uint32_t>(entry, "packet_id").value_or(0));
  out.set_channel(integer<std::uint32_t>(entry, "channel").value_or(0));
  out.set_hop_limit(integer<std::uint32_t>(entry, "hop_limit").value_or(0));
  out.set_want_ack(is_true(entry, "want_ack"));
  out.set_transport_mechanism(mesh::MeshPacket::TRANSPORT_LORA);
  const auto snr = number(entry, "snr");
  if (snr && *snr != kSnrUnknown && std::abs(*snr) < kSnrMax) told.snr = static_cast<float>(*snr);
  told.rssi = integer<std::int32_t>(entry, "rssi");
  if (told.rssi == 0) told.rssi.reset();
  if (told.snr) out.set_rx_snr(*told.snr);
  if (told.rssi) out.set_rx_rssi(*told.rssi);
  const auto type = text(entry, "type");
  mesh::Data data;
  if (read_payload(type.value_or(""), entry, data, told)) out.mutable_decoded()->Swap(&data);
  return told;
}

}  // namespace mmm::python
