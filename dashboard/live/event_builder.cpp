#include "dashboard/live/event_builder.h"

#include "dashboard/api/rows_json.h"
#include "dashboard/live/live_client.h"

namespace mmm::dashboard {
namespace {

// With the packet's figures as they are now, so that a client need not add up.
std::string reception_json(const index::ReceptionRow& reception, const index::PacketRow& packet) {
  JsonWriter json;
  json.begin_object().field("packet", reception.packet).field("id", reception.id);
  json.field("agent", reception.agent_id).field("snr", reception.snr).field("rssi", reception.rssi);
  json.field("hops", reception.hops).field("time_us", reception.time_us);
  json.key("flags");
  write_flags(json, reception.flags);
  json.field("receptions", packet.receptions).field("best_snr", packet.best_snr);
  json.field("best_rssi", packet.best_rssi).end_object();
  return json.take();
}

}  // namespace

Result<std::vector<BuiltEvent>> EventBuilder::changes(const store::AppliedBatch& batch, std::size_t budget,
                                                      std::uint64_t& skipped) {
  std::vector<BuiltEvent> events;
  skipped += batch.skipped;
  auto packet_id = batch.packets.begin();
  auto further = batch.receptions.begin();
  while (packet_id != batch.packets.end() || further != batch.receptions.end()) {
    const bool is_packet =
        further == batch.receptions.end() || (packet_id != batch.packets.end() && *packet_id < further->id);
    if (events.size() >= budget) {
      skipped += static_cast<std::uint64_t>(batch.packets.end() - packet_id) +
                 static_cast<std::uint64_t>(batch.receptions.end() - further);
      break;
    }
    auto packet = reader_.packet(is_packet ? *packet_id : further->packet);
    if (!packet) return fail(packet.error());
    if (is_packet) {
      ++packet_id;
      if (!*packet) continue;
      JsonWriter json;
      write_packet(json, **packet);
      events.push_back(
          {.id = (*packet)->id, .type = "packet", .text = event_text("packet", (*packet)->id, json.text())});
      continue;
    }
    auto reception = reader_.reception(further->packet, further->id);
    if (!reception) return fail(reception.error());
    ++further;
    if (!*packet || !*reception) continue;
    const store::LogId id = (*reception)->id;
    events.push_back(
        {.id = id, .type = "reception", .text = event_text("reception", id, reception_json(**reception, **packet))});
  }
  return events;
}

Result<std::vector<BuiltEvent>> EventBuilder::states(const std::set<std::uint32_t>& nodes,
                                                     const std::set<std::int64_t>& agents, store::LogId last) {
  std::vector<BuiltEvent> events;
  for (const std::uint32_t num : nodes) {
    auto node = reader_.node(num);
    if (!node) return fail(node.error());
    if (!*node) continue;
    JsonWriter json;
    write_node(json, **node);
    events.push_back({.id = last, .type = "node", .repeatable = true, .text = event_text("node", 0, json.text())});
  }
  for (const std::int64_t num : agents) {
    auto agent = reader_.agent(num);
    if (!agent) return fail(agent.error());
    if (!*agent) continue;
    JsonWriter json;
    write_agent(json, **agent);
    events.push_back({.id = last, .type = "agent", .repeatable = true, .text = event_text("agent", 0, json.text())});
  }
  return events;
}

}  // namespace mmm::dashboard
