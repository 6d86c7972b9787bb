#include "core/base/limits.h"
#include "core/mesh/airtime.h"
#include "core/mesh/decode.h"
#include "core/mesh/hops.h"
#include "core/mesh/summary.h"
#include "core/store/index/reception_codec.h"
#include "ingest/project/payload_fold.h"
#include "ingest/project/projection.h"

#include <xxhash.h>

#include <cmath>

// What a packet record does: which packet it is a reception of, and what it tells.
namespace mmm::ingest {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kWindowUs = std::chrono::microseconds(limits::kDedupeWindow).count();
// A record that comes to the log later than this after it was heard is late: its packet may have left the window.
constexpr std::int64_t kLateUs = kWindowUs / 2;

std::uint32_t reception_flags(const mesh::Packet& packet) {
  std::uint32_t flags = 0;
  if (packet.is_replay) flags |= index::kReplay;
  if (packet.from_own_node) flags |= index::kOwn;
  if (flags == 0 && !packet.over_lora) {
    const bool by_mqtt = packet.transport == mesh::MeshPacket::TRANSPORT_MQTT || packet.via_mqtt;
    flags |= by_mqtt ? index::kMqtt : index::kUdp;
  }
  if (packet.via_mqtt) flags |= index::kViaMqtt;
  if (packet.pki_encrypted) flags |= index::kPki;
  if (packet.want_ack) flags |= index::kWantAck;
  if (!packet.data && !packet.encrypted.empty()) flags |= index::kEncrypted;
  return flags;
}

std::int64_t traffic_port(const PacketWindow::Entry& entry) {
  if (!entry.decoded) return index::kPortNotDecoded;
  return std::min<std::int64_t>(entry.port, index::kPortOther);
}

bool is_late(const index::PacketRow& packet) {
  return static_cast<std::int64_t>(packet.id) - packet.time_us > kLateUs;
}

PacketWindow::Entry to_entry(const index::PacketRow& row) {
  return {.id = row.id, .port = row.port.value_or(0), .flags = row.flags, .decoded = row.port.has_value()};
}

// No radio measures more; and a number that cannot be stored must not hide an earlier one that was.
constexpr float kSnrMax = 1000;

std::optional<double> usable_snr(std::optional<float> value) {
  if (!value || !std::isfinite(*value) || std::abs(*value) > kSnrMax) return std::nullopt;
  return static_cast<double>(*value);
}

// What makes two receptions those of one packet: sender and id, or without an id all that the sender sent. Where there
// is nothing of that either, `record` is a packet of its own.
std::uint64_t identity_key(const mesh::Packet& packet, store::LogId record) {
  if (packet.id != 0) return PacketWindow::key(packet.from, packet.id);
  const std::string_view content = packet.data ? packet.data->payload : packet.encrypted;
  if (content.empty() && !packet.data) return XXH3_64bits(&record, sizeof record);
  const std::uint64_t head[] = {packet.from, packet.to, packet.channel, packet.data ? packet.data->port : ~0U};
  return XXH3_64bits_withSeed(content.data(), content.size(), XXH3_64bits(static_cast<const void*>(head), sizeof head));
}

std::optional<std::uint32_t> airtime_us(const index::RadioFacts& radio, std::size_t size) {
  if (!radio.modem_preset) return std::nullopt;
  const auto modulation = mesh::modulation_of(*radio.modem_preset);
  if (!modulation) return std::nullopt;
  return static_cast<std::uint32_t>(mesh::time_on_air_us(*modulation, size + mesh::kAirHeaderBytes));
}

// False: the packet has so many already that this one is only counted.
bool add_reception(index::PacketRow& packet, const index::ReceptionRow& reception) {
  if ((reception.flags & index::kNotHeard) == 0) {
    ++packet.receptions;
    if (reception.snr && reception.snr > packet.best_snr) packet.best_snr = reception.snr;
    if (reception.rssi && reception.rssi > packet.best_rssi) packet.best_rssi = reception.rssi;
    if (reception.hops && (!packet.hops || *reception.hops < *packet.hops)) packet.hops = reception.hops;
  }
  if (packet.reception_list.size() >= limits::kReceptionListBytesMax) return false;
  index::append_reception(packet, reception);
  return true;
}

}  // namespace

Result<> Projection::apply_packet(const AgentBook::Source& source, const Record& record, mesh::Packet packet) {
  if (packet.is_simulated) {
    pending_.count(index::Counter::kSimulated);
    return {};
  }
  if (is_kept_back(packet)) return {};
  const std::uint32_t flags = reception_flags(packet);
  const bool is_heard = (flags & index::kNotHeard) == 0;
  auto found = find_packet(packet, record);
  if (!found) return fail(found.error());

  PacketWindow::Entry entry;
  bool is_new_packet = is_heard;
  if (!*found) {
    auto flood = is_flood(packet, record);
    if (!flood) return fail(flood.error());
    if (*flood) return count_flooded(source, record, packet, is_heard);
    auto added = add_packet(source, record, packet, flags);
    if (!added) return fail(added.error());
    entry = *added;
  } else {
    entry = **found;
    const bool was_heard = (entry.flags & index::kNotHeard) == 0;
    is_new_packet = is_heard && !was_heard;
    if (is_new_packet) {
      if (auto set = set_flags(entry, entry.flags & ~index::kNotHeard); !set) return set;
    }
    // Agents of the Python version deliver encrypted packets without their bytes.
    const bool had_bytes = (entry.flags & index::kEncrypted) != 0;
    if (!entry.decoded && (packet.data || (!had_bytes && !packet.encrypted.empty()))) {
      if (auto decoded = decode_now(source, entry, record, packet, was_heard); !decoded) return decoded;
    } else if (entry.port == mesh::TRACEROUTE_APP) {
      auto row = change_packet(entry.id);
      if (!row) return fail(row.error());
      if (auto folded = fold_further_copy(source, **row, packet); !folded) return folded;
    }
  }
  auto row = change_packet(entry.id);
  if (!row) return fail(row.error());
  const bool is_kept = add_reception(**row, {.packet = entry.id,
                                             .id = record.id,
                                             .agent = source.agent->num,
                                             .time_us = record.heard_us,
                                             .snr = usable_snr(packet.rx_snr),
                                             .rssi = packet.rx_rssi,
                                             .hops = packet.hops_away,
                                             .hop_limit = packet.hop_limit,
                                             .relay_node = packet.relay_node,
                                             .flags = flags});
  if (!is_kept) pending_.count(index::Counter::kCrowded);
  pending_.receptions.push_back({.packet = entry.id, .id = record.id});
  pending_.add_agent_hour(source.agent->num, hour_of(static_cast<std::int64_t>(entry.id)));
  if (is_heard) {
    return count_reception(source, record, packet, entry, is_new_packet, (*row)->airtime_us.value_or(0));
  }
  if ((flags & index::kReplay) != 0) pending_.count(index::Counter::kReplayed);
  if ((flags & index::kOwn) != 0) pending_.count(index::Counter::kOwn);
  if ((flags & index::kMqtt) != 0) pending_.count(index::Counter::kMqtt);
  if ((flags & index::kUdp) != 0) pending_.count(index::Counter::kUdp);
  return {};
}

bool Projection::is_kept_back(const mesh::Packet& packet) {
  const mesh::Privacy& privacy = options_.privacy;
  // From the radio itself, which has not said yet who it is.
  const bool may_be_hidden = packet.from == 0 && packet.from_own_node && !privacy.hidden_nodes.empty();
  if (!may_be_hidden && !privacy.is_hidden(packet.from) && !privacy.is_hidden(packet.to)) return false;
  pending_.count(index::Counter::kHidden);
  return true;
}

Result<bool> Projection::is_flood(const mesh::Packet& packet, const Record& record) {
  if (!is_node(packet.from)) return false;
  auto hour = hours_.change(packet.from, record.heard_us);
  if (!hour) return fail(hour.error());
  if ((*hour)->kept >= options_.flood_packets_per_hour) return true;
  ++(*hour)->kept;
  return false;
}

Result<> Projection::count_flooded(const AgentBook::Source& source, const Record& record, const mesh::Packet& packet,
                                   bool is_heard) {
  auto hour = hours_.change(packet.from, record.heard_us);
  if (!hour) return fail(hour.error());
  ++(*hour)->flooded;
  pending_.count(index::Counter::kFlooded);
  if (!is_heard) return {};
  PacketWindow::Entry entry;
  entry.decoded = packet.data.has_value();
  if (packet.data) entry.port = packet.data->port;
  return count_reception(source, record, packet, entry, false, 0);
}

Result<std::optional<PacketWindow::Entry>> Projection::find_packet(const mesh::Packet& packet, const Record& record) {
  window_.expire(record.id - std::min<store::LogId>(record.id, kWindowUs));
  if (const PacketWindow::Entry* entry = window_.find(identity_key(packet, record.id))) return *entry;
  if (static_cast<std::int64_t>(record.id) - record.heard_us > kLateUs) return find_late(packet, record);
  return std::nullopt;
}

// The nearest in time, of those in the index and those not yet written; the older of two.
Result<std::optional<PacketWindow::Entry>> Projection::find_late(const mesh::Packet& packet, const Record& record) {
  auto rows = writer_.packets_near(packet.from, packet.id, record.heard_us, kWindowUs, kLateUs);
  if (!rows) return fail(rows.error());
  const std::uint64_t key = identity_key(packet, record.id);
  if (packet.id == 0) std::erase_if(*rows, [key](const index::PacketRow& row) { return row.content_key != key; });
  for (index::PacketRow& row : *rows) {
    // Changed in this transaction already.
    const auto changed = pending_.changed_packets.find(row.id);
    if (changed != pending_.changed_packets.end()) row = changed->second;
  }
  for (std::size_t i = 0; i < pending_.packet_keys.size(); ++i) {
    if (pending_.packet_keys[i] == key) rows->push_back(pending_.packets[i]);
  }
  const index::PacketRow* best = nullptr;
  std::int64_t best_distance = kWindowUs + 1;
  for (const index::PacketRow& row : *rows) {
    const std::int64_t distance = std::abs(row.time_us - record.heard_us);
    if (distance < best_distance) {
      best = &row;
      best_distance = distance;
    }
  }
  if (best == nullptr) return std::nullopt;
  return to_entry(*best);
}

Result<PacketWindow::Entry> Projection::add_packet(const AgentBook::Source& source, const Record& record,
                                                   mesh::Packet& packet, std::uint32_t flags) {
  index::PacketRow row;
  row.id = record.id;
  row.time_us = record.heard_us;
  row.from = packet.from;
  row.to = packet.to;
  row.packet_id = packet.id;
  row.channel = packet.channel;
  row.hop_start = packet.hop_start;
  row.hop_limit = packet.hop_limit;
  row.flags = flags;
  row.size = static_cast<std::uint32_t>(packet.encrypted.size());
  const std::uint64_t key = identity_key(packet, record.id);
  if (packet.id == 0) row.content_key = key;
  if (auto decoded = decode_into(source, row, record, packet); !decoded) return fail(decoded.error());
  row.airtime_us = airtime_us(source.stream->radio, row.size);
  const PacketWindow::Entry entry = to_entry(row);
  window_.insert(key, entry);
  if (is_late(row)) pending_.late_packets.push_back(row);
  pending_.packets.push_back(std::move(row));
  pending_.packet_keys.push_back(key);
  return entry;
}

// Fills port, size, error and summary, and folds the payload. Tries our keys on what came encrypted.
Result<> Projection::decode_into(const AgentBook::Source& source, index::PacketRow& row, const Record& record,
                                 mesh::Packet& packet) {
  if (!packet.data && !packet.encrypted.empty()) {
    decrypted_ = keys_.decrypt(packet.from, packet.id, packet.channel, packet.encrypted);
    if (!decrypted_) {
      row.error = index::DecodeError::kNoKey;
      row.summary = mesh::summarize(packet, mesh::Payload{});
      pending_.count(row.error);
      return {};
    }
    row.flags |= index::kDecrypted;
    pending_.count(index::Counter::kDecrypted);
    packet.data = mesh::view_data(decrypted_->data);
    packet.hops_away = mesh::hops_away(packet.hop_start, packet.hop_limit, packet.data->bitfield.has_value());
  } else if (packet.data) {
    row.size = static_cast<std::uint32_t>(message_.packet().decoded().ByteSizeLong());
  } else {
    row.error = index::DecodeError::kEmpty;
    pending_.count(row.error);
    return {};
  }
  mesh::Payload payload = mesh::decode_payload(packet.data->port, packet.data->payload);
  options_.privacy.limit(payload);
  row.port = packet.data->port;
  row.error = decode_error(payload);
  if (row.error != index::DecodeError::kNone) pending_.count(row.error);
  row.summary = mesh::summarize(packet, payload);
  const bool is_replay = (row.flags & index::kReplay) != 0;
  const std::int64_t known_us =
      is_replay ? std::min(std::int64_t{packet.rx_time} * kSecond, record.heard_us) : record.heard_us;
  if (auto folded = fold_links(source, row, packet, payload); !folded) return folded;
  const PayloadContext context{.packet = row, .data = *packet.data, .known_us = known_us};
  fold_ack(row, packet, payload);
  return fold_payload(context, payload, {.nodes = nodes_, .rollups = rollups_, .pending = pending_});
}

// A packet that was first received by a radio without its key, and now by one that has it.
Result<> Projection::decode_now(const AgentBook::Source& source, PacketWindow::Entry& entry, const Record& record,
                                mesh::Packet& packet, bool was_counted) {
  auto row = change_packet(entry.id);
  if (!row) return fail(row.error());
  const std::int64_t port_before = traffic_port(entry);
  if ((*row)->error != index::DecodeError::kNone) pending_.count((*row)->error, -1);
  if (packet.data) {
    (*row)->flags &= ~std::uint32_t{index::kEncrypted};
  } else {
    (*row)->flags |= index::kEncrypted;
  }
  if (auto decoded = decode_into(source, **row, record, packet); !decoded) return decoded;
  entry = to_entry(**row);
  // The packet moves to its port; the receptions counted before stay where they are.
  if (was_counted) {
    pending_.add_traffic((*row)->time_us, port_before, -1, 0);
    pending_.add_traffic((*row)->time_us, traffic_port(entry), 1, 0);
  }
  if (auto* kept = window_.find(identity_key(packet, record.id))) {
    if (kept->id == entry.id) *kept = entry;
  }
  return {};
}

Result<> Projection::set_flags(PacketWindow::Entry& entry, std::uint32_t flags) {
  auto row = change_packet(entry.id);
  if (!row) return fail(row.error());
  (*row)->flags = flags;
  entry.flags = flags;
  const std::uint64_t key = (*row)->content_key.value_or(PacketWindow::key((*row)->from, (*row)->packet_id));
  if (auto* kept = window_.find(key); kept != nullptr && kept->id == entry.id) kept->flags = flags;
  return {};
}

Result<index::PacketRow*> Projection::change_packet(store::LogId id) {
  if (index::PacketRow* row = pending_.new_packet(id)) return row;
  const auto place = pending_.changed_packets.find(id);
  if (place != pending_.changed_packets.end()) return &place->second;
  if (auto kept = packets_.take(id)) return &pending_.changed_packets.emplace(id, std::move(*kept)).first->second;
  auto row = writer_.packet(id);
  if (!row) return fail(row.error());
  if (!*row) return fail(ErrorKind::kCorrupt, "the index has lost packet {}", id);
  return &pending_.changed_packets.emplace(id, std::move(**row)).first->second;
}

Result<> Projection::count_reception(const AgentBook::Source& source, const Record& record, const mesh::Packet& packet,
                                     const PacketWindow::Entry& entry, bool is_new_packet, std::uint32_t airtime_us) {
  pending_.count(index::Counter::kReceptions);
  if (is_new_packet) {
    pending_.count(index::Counter::kPackets);
    const index::RadioFacts& radio = source.stream->radio;
    const std::string_view channel = channels_.name(radio, packet.channel, (entry.flags & index::kEncrypted) != 0);
    ++pending_.mesh_packets[{traffic_port(entry), std::string(channel), radio.region}];
  }
  pending_.add_traffic(record.heard_us, traffic_port(entry), is_new_packet ? 1 : 0, 1);
  ++source.agent->receptions;
  if (!is_node(packet.from)) return {};
  auto hour = hours_.change(packet.from, record.heard_us);
  if (!hour) return fail(hour.error());
  ++(*hour)->receptions;
  if (is_new_packet) {
    ++(*hour)->packets;
    (*hour)->airtime_us += airtime_us;
  }
  const bool is_direct = packet.hops_away == 0U && !packet.via_mqtt;
  auto node = nodes_.change(packet.from);
  if (!node) return fail(node.error());
  fold_reception(**node, {.time_us = record.heard_us,
                          .is_new_packet = is_new_packet,
                          .via_mqtt = packet.via_mqtt,
                          .hops = packet.hops_away,
                          .snr = usable_snr(packet.rx_snr),
                          .rssi = packet.rx_rssi});
  index::HeardByRow heard{.node = packet.from,
                          .agent = source.agent->num,
                          .last_us = record.heard_us,
                          .hops = packet.hops_away,
                          .receptions = 1};
  if (is_direct) {
    heard.snr = usable_snr(packet.rx_snr);
    heard.rssi = packet.rx_rssi;
  }
  pending_.add_heard_by(heard);
  return fold_signal(source, record, packet, usable_snr(packet.rx_snr));
}

}  // namespace mmm::ingest
