#include "dashboard/live/event_builder.h"

#include "dashboard/api/rows_json.h"
#include "dashboard/live/live_client.h"

namespace mmm::dashboard {
namespace {

constexpr const char* kPacketEvent = "packet";
constexpr const char* kReceptionEvent = "reception";

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

BuiltEvent packet_event(const index::PacketRow& packet, std::span<const index::ReceptionRow> receptions,
                        store::LogId id) {
  JsonWriter json;
  write_packet(json, packet);
  auto about = std::make_shared<EventPacket>();
  about->row = packet;
  for (const index::ReceptionRow& reception : receptions) about->agents.push_back(reception.agent);
  about->text = event_text(kPacketEvent, id, json.text());
  return {.id = id, .type = kPacketEvent, .text = about->text, .packet = std::move(about)};
}

}  // namespace

const std::string* text_for(const BuiltEvent& event, const index::PacketFilter* filter) {
  if (filter == nullptr) return &event.text;
  if (!event.packet) return event.type == std::string_view(kSkippedEvent) ? &event.text : nullptr;
  return index::matches(*filter, event.packet->row, event.packet->agents) ? &event.packet->text : nullptr;
}

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
    const store::LogId id = is_packet ? *packet_id++ : (further++)->id;
    if (!*packet) continue;
    auto receptions = reader_.receptions((*packet)->id);
    if (!receptions) return fail(receptions.error());
    if (!receptions->empty()) (*packet)->first_agent = receptions->front().agent_id;
    BuiltEvent event = packet_event(**packet, *receptions, id);
    if (!is_packet) {
      const auto reception = std::ranges::find(*receptions, id, &index::ReceptionRow::id);
      if (reception == receptions->end()) continue;
      event.type = kReceptionEvent;
      event.text = event_text(kReceptionEvent, id, reception_json(*reception, **packet));
    }
    events.push_back(std::move(event));
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
