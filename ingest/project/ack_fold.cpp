#include "ingest/project/projection.h"

// What a routing answer says of the message that asked for it.
namespace mmm::ingest {

void Projection::fold_ack(const index::PacketRow& row, const mesh::Packet& packet, const mesh::Payload& payload) {
  const auto* routing = std::get_if<mesh::Routing>(&payload);
  if (routing == nullptr || packet.data->request_id == 0) return;
  if (routing->variant_case() != mesh::Routing::kErrorReason) return;
  const auto* message = window_.find(PacketWindow::key(row.to, packet.data->request_id));
  if (message == nullptr || !message->decoded || message->port != mesh::TEXT_MESSAGE_APP) return;
  pending_.acks.push_back({.packet = message->id,
                           .time_us = row.time_us,
                           .from = row.from,
                           .error = static_cast<std::uint32_t>(routing->error_reason())});
}

}  // namespace mmm::ingest
