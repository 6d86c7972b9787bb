#include "ingest/project/projection.h"

#include <cmath>

// What agents of the Python version wrote: made into the radio's messages, and folded like those.
namespace mmm::ingest {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

// Role 0 is CLIENT, and left out it reads as CLIENT: what is known already must not be lost to it.
Result<> keep_role(mesh::MeshPacket& packet, NodeBook& nodes) {
  mesh::User user;
  mesh::Data& data = *packet.mutable_decoded();
  if (!user.ParseFromString(data.payload())) return {};
  auto node = nodes.change(packet.from());
  if (!node) return fail(node.error());
  if (!(*node)->role) return {};
  user.set_role(static_cast<mesh::Config::DeviceConfig::Role>(*(*node)->role));
  user.set_is_licensed((*node)->is_licensed);
  user.SerializeToString(data.mutable_payload());
  return {};
}

// What lies between the ends of a path, and the SNR of each hop in quarters of a decibel.
void add_way(const std::vector<std::uint32_t>& path, const std::vector<std::optional<float>>& told,
             google::protobuf::RepeatedField<std::uint32_t>& between,
             google::protobuf::RepeatedField<std::int32_t>& snrs) {
  constexpr float kQuarters = 4;
  for (std::size_t i = 1; i + 1 < path.size(); ++i) between.Add(path[i]);
  for (const std::optional<float>& snr : told) {
    const bool usable = snr && std::abs(*snr) * kQuarters < -index::kSnrUnknown;
    snrs.Add(usable ? static_cast<std::int32_t>(std::lround(*snr * kQuarters)) : index::kSnrUnknown);
  }
}

}  // namespace

Result<> Projection::apply_python(const AgentBook::Source& source, const Record& record) {
  switch (record.kind) {
    case upload::RECORD_KIND_LEGACY_DATA:
      return apply_python_packet(source, record);
    case upload::RECORD_KIND_LEGACY_NODEDB:
    case upload::RECORD_KIND_LEGACY_NODE_STATUS:
      return apply_python_node(source, record);
    case upload::RECORD_KIND_LEGACY_ROUTES:
      return apply_python_route(source, record);
    default:
      // A registration tells only what the upload's header does.
      pending_.count(index::Counter::kOtherRecords);
      return {};
  }
}

// As the packet that answered would tell it.
Result<> Projection::apply_python_route(const AgentBook::Source& source, const Record& record) {
  const auto route = python_.route(record.payload);
  if (!route) {
    add_unreadable(source, record, index::DecodeError::kMalformedRecord);
    return {};
  }
  if (!route->success) return {};
  if (options_.privacy.is_hidden(route->source) || options_.privacy.is_hidden(route->target)) {
    pending_.count(index::Counter::kHidden);
    return {};
  }
  mesh::RouteDiscovery discovery;
  add_way(route->path, route->snr_towards, *discovery.mutable_route(), *discovery.mutable_snr_towards());
  add_way(route->path_back, route->snr_back, *discovery.mutable_route_back(), *discovery.mutable_snr_back());
  options_.privacy.limit(discovery);
  index::TracerouteRow row{.packet = record.id, .agent = source.agent->num, .time_us = record.heard_us};
  row.from = route->source;
  row.to = route->target;
  row.is_reply = true;
  return links_.fold_traceroute(std::move(row), discovery);
}

Result<> Projection::apply_python_packet(const AgentBook::Source& source, const Record& record) {
  message_.Clear();
  mesh::MeshPacket& packet = *message_.mutable_packet();
  const auto told = python_.packet(record.payload, packet);
  if (!told) {
    add_unreadable(source, record, index::DecodeError::kMalformedRecord);
    return {};
  }
  const bool is_user = packet.has_decoded() && packet.decoded().portnum() == mesh::NODEINFO_APP;
  const bool is_shown = is_node(packet.from()) && !options_.privacy.is_hidden(packet.from());
  if (is_user && !told->tells_role && is_shown) {
    if (auto kept = keep_role(packet, nodes_); !kept) return kept;
  }
  mesh::Packet view = mesh::view_packet(packet, source.stream->own_node);
  // Without a sender it is somebody's, but not the agent's own.
  if (!told->has_sender) {
    view.from = 0;
    view.from_own_node = false;
  }
  view.rx_snr = told->snr;
  view.rx_rssi = told->rssi;
  return apply_packet(source, record, view);
}

Result<> Projection::apply_python_node(const AgentBook::Source& source, const Record& record) {
  const bool is_status = record.kind == upload::RECORD_KIND_LEGACY_NODE_STATUS;
  const auto info = is_status ? python_.node_status(record.payload) : python_.node_list_entry(record.payload);
  if (!info) {
    add_unreadable(source, record, index::DecodeError::kMalformedRecord);
    return {};
  }
  if (auto applied = apply_node_info(record, *info); !applied) return applied;
  if (!info->has_hops_away() || !is_node(info->num()) || options_.privacy.is_hidden(info->num())) return {};
  // The packets of these agents do not tell it.
  auto node = nodes_.change(info->num());
  if (!node) return fail(node.error());
  const std::int64_t known_us = std::min(std::int64_t{info->last_heard()} * kSecond, record.heard_us);
  if (!(*node)->hops_away || known_us >= (*node)->hops_us) fold_hops(**node, info->hops_away(), known_us);
  return {};
}

}  // namespace mmm::ingest
