#include "ingest/project/pending.h"

namespace mmm::ingest {
namespace {

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kHour = 60 * kMinute;

void add(Pending::Traffic& traffic, std::int64_t start, std::int64_t port, std::int64_t packets,
         std::int64_t receptions) {
  index::TrafficRow& row = traffic[{start, port}];
  row.start_us = start;
  row.port = port;
  row.packets += packets;
  row.receptions += receptions;
}

// `write` is a member of `store` that takes a row.
template <class Rows, class Store>
Result<> write_each(const Rows& rows, Store& store, Result<> (Store::*write)(const typename Rows::value_type&)) {
  for (const auto& row : rows) {
    if (auto written = (store.*write)(row); !written) return written;
  }
  return {};
}

}  // namespace

void Pending::add_traffic(std::int64_t time_us, std::int64_t port, std::int64_t packets_by,
                          std::int64_t receptions_by) {
  add(minutes, time_us - time_us % kMinute, port, packets_by, receptions_by);
  add(hours, time_us - time_us % kHour, port, packets_by, receptions_by);
}

void Pending::add_heard_by(const index::HeardByRow& row) {
  const std::uint64_t key = std::uint64_t{row.node} << 32U | static_cast<std::uint32_t>(row.agent);
  const auto [place, is_new] = heard_by.try_emplace(key, row);
  if (is_new) return;
  index::HeardByRow& sum = place->second;
  sum.last_us = std::max(sum.last_us, row.last_us);
  if (row.snr) sum.snr = row.snr;
  if (row.rssi) sum.rssi = row.rssi;
  if (row.hops) sum.hops = row.hops;
  sum.receptions += row.receptions;
}

void Pending::add_agent_hour(std::int64_t agent, std::int64_t start_us) {
  index::AgentHourRow& row = agent_hours[{agent, start_us}];
  row.agent = agent;
  row.start_us = start_us;
  ++row.receptions;
}

index::PacketRow* Pending::new_packet(store::LogId id) {
  const auto place = std::ranges::lower_bound(packets, id, {}, &index::PacketRow::id);
  return place != packets.end() && place->id == id ? &*place : nullptr;
}

Result<> Pending::write(index::IndexWriter& writer) const {
  using index::IndexWriter;
  if (auto done = write_each(packets, writer, &IndexWriter::insert_packet); !done) return done;
  if (auto done = write_each(late_packets, writer, &IndexWriter::insert_late_packet); !done) return done;
  for (const auto& [id, packet] : changed_packets) {
    if (auto done = writer.update_packet(packet); !done) return done;
  }
  if (auto done = write_each(positions, writer, &IndexWriter::insert_position); !done) return done;
  if (auto done = write_each(telemetry, writer, &IndexWriter::insert_telemetry); !done) return done;
  index::NodeStore& facts = writer.node_facts();
  if (auto done = write_each(messages, facts, &index::NodeStore::add); !done) return done;
  if (auto done = write_each(acks, facts, &index::NodeStore::put); !done) return done;
  if (auto done = write_each(identity_changes, facts, &index::NodeStore::add); !done) return done;
  if (auto done = write_each(waypoints, facts, &index::NodeStore::put); !done) return done;
  if (auto done = write_each(map_reports, facts, &index::NodeStore::put); !done) return done;
  if (auto done = write_each(unreadable, writer, &IndexWriter::insert_unreadable); !done) return done;
  for (const auto& [key, row] : heard_by) {
    if (auto done = writer.add_heard_by(row); !done) return done;
  }
  for (const auto& [key, row] : agent_hours) {
    if (auto done = writer.add_agent_hour(row); !done) return done;
  }
  for (const auto& [key, row] : minutes) {
    if (auto done = writer.add_traffic_minute(row); !done) return done;
  }
  for (const auto& [key, row] : hours) {
    if (auto done = writer.add_traffic_hour(row); !done) return done;
  }
  for (std::size_t i = 0; i < counters.size(); ++i) {
    if (counters[i] == 0) continue;
    if (auto done = writer.add_counter(i, counters[i]); !done) return done;
  }
  return {};
}

void Pending::clear() {
  packets.clear();
  packet_keys.clear();
  changed_packets.clear();
  late_packets.clear();
  receptions.clear();
  positions.clear();
  telemetry.clear();
  messages.clear();
  acks.clear();
  identity_changes.clear();
  waypoints.clear();
  map_reports.clear();
  unreadable.clear();
  heard_by.clear();
  agent_hours.clear();
  minutes.clear();
  hours.clear();
  counters.fill(0);
  records = 0;
  cursor = 0;
}

}  // namespace mmm::ingest
