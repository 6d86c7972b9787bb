#include "core/mesh/names.h"
#include "core/mesh/node_id.h"
#include "core/store/index/index_writer.h"
#include "dashboard/api/rows_json.h"

namespace mmm::dashboard {
namespace {

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kHour = 60 * kMinute;

const char* link_state_name(std::uint32_t state) {
  static constexpr const char* kNames[] = {"unknown", "connecting", "ready", "down"};
  return state < std::size(kNames) ? kNames[state] : "unknown";
}

std::string traffic_port_name(std::int64_t port) {
  if (port == index::kPortNotDecoded) return "ENCRYPTED";
  if (port == index::kPortOther) return "OTHER";
  return mesh::port_name(static_cast<std::uint32_t>(port));
}

void write_count(JsonWriter& json, std::string_view name, std::int64_t total, std::uint64_t hour, std::uint64_t day) {
  json.key(name).begin_object().field("total", total).field("last_hour", hour).field("last_24h", day).end_object();
}

// All `count` steps up to the one that holds `now_us`: those without traffic are zero.
void write_series(JsonWriter& json, std::string_view name, std::span<const index::TrafficPoint> points,
                  std::int64_t now_us, std::int64_t step, std::int64_t count) {
  json.key(name).begin_array();
  std::int64_t start = now_us - now_us % step - (count - 1) * step;
  auto point = points.begin();
  for (std::int64_t i = 0; i < count; ++i, start += step) {
    while (point != points.end() && point->start_us < start) ++point;
    const bool has = point != points.end() && point->start_us == start;
    json.begin_object().field("t_us", start).field("packets", has ? point->packets : 0);
    json.field("receptions", has ? point->receptions : 0).end_object();
  }
  json.end_array();
}

void write_ledger(JsonWriter& json, const index::LedgerRow& ledger) {
  json.key("ledger").begin_object();
  json.field("captured", ledger.captured).field("delivered", ledger.delivered).field("duplicate", ledger.duplicate);
  json.field("set_aside", ledger.set_aside).field("dropped", ledger.dropped).field("filtered", ledger.filtered);
  json.field("waiting", ledger.waiting).end_object();
}

void write_radio(JsonWriter& json, const index::RadioFacts& radio) {
  const auto name = [&json](std::string_view field, std::optional<std::uint32_t> number, std::string (*name_of)(int)) {
    json.text_field(field, number ? name_of(static_cast<int>(*number)) : std::string());
  };
  json.key("radio").begin_object().field("num", radio.radio_num);
  json.text_field("id", radio.radio_num ? mesh::format_node_id(*radio.radio_num) : std::string());
  json.text_field("firmware", radio.firmware);
  name("hw_model", radio.hw_model, mesh::hardware_name);
  name("role", radio.role, mesh::role_name);
  name("region", radio.region, mesh::region_name);
  name("modem_preset", radio.modem_preset, mesh::modem_preset_name);
  json.end_object();
}

// A link with its radio, and what came of the radio's records.
void write_station(JsonWriter& json, const index::RadioFacts& radio, const index::LedgerRow& ledger) {
  json.key("link").begin_object().field("state", link_state_name(radio.link_state));
  json.text_field("description", radio.link).text_field("reason", radio.link_reason).end_object();
  write_radio(json, radio);
  json.key("channels").raw(radio.channels);
  write_ledger(json, ledger);
}

// What the counters say of records that are not receptions over the air.
void write_records(JsonWriter& json, const index::StatsRow& stats) {
  const auto counter = [&](std::string_view name, index::Counter which) {
    json.field(name, stats.counters[static_cast<std::size_t>(which)]);
  };
  json.key("records").begin_object();
  counter("total", index::Counter::kRecords);
  counter("replayed", index::Counter::kReplayed);
  counter("mqtt", index::Counter::kMqtt);
  counter("udp", index::Counter::kUdp);
  counter("own", index::Counter::kOwn);
  counter("simulated", index::Counter::kSimulated);
  counter("node_infos", index::Counter::kNodeInfos);
  counter("agent_statuses", index::Counter::kAgentStatuses);
  counter("decrypted", index::Counter::kDecrypted);
  counter("hidden", index::Counter::kHidden);
  json.key("not_decoded").begin_object();
  for (std::size_t i = 1; i < index::kDecodeErrors; ++i) {
    json.field(index::to_string(static_cast<index::DecodeError>(i)),
               stats.counters[static_cast<std::size_t>(index::Counter::kErrorsFirst) + i]);
  }
  json.end_object().end_object();
}

}  // namespace

void write_agent(JsonWriter& json, const index::AgentRow& agent) {
  json.begin_object().field("id", agent.id);
  json.key("location").begin_object().text_field("name", agent.location_name);
  json.field("latitude", agent.latitude).field("longitude", agent.longitude).end_object();
  json.text_field("version", agent.version).field("stream_count", agent.stream_count);
  json.field("first_seen_us", agent.first_seen_us).field("last_upload_us", agent.last_upload_us);
  json.field("clock_skew_us", agent.clock_skew_us).field("receptions", agent.receptions);
  write_station(json, agent.radio, agent.ledger);
  json.key("radios").begin_array();
  for (const index::StreamRow& radio : agent.radios) {
    json.begin_object().field("name", radio.name);
    write_station(json, radio.radio, radio.ledger);
    json.end_object();
  }
  json.end_array().end_object();
}

void write_stats(JsonWriter& json, const index::StatsRow& stats, const StatsContext& context) {
  const auto counter = [&](index::Counter which) { return stats.counters[static_cast<std::size_t>(which)]; };
  json.begin_object().field("now_us", context.now_us);
  write_count(json, "packets", counter(index::Counter::kPackets), stats.last_hour.packets, stats.last_day.packets);
  write_count(json, "receptions", counter(index::Counter::kReceptions), stats.last_hour.receptions,
              stats.last_day.receptions);
  json.key("nodes").begin_object().field("total", stats.nodes).field("online", stats.nodes_online).end_object();
  json.key("agents").begin_object().field("total", stats.agents).field("online", stats.agents_online).end_object();
  json.key("messages").begin_object().field("total", counter(index::Counter::kMessages)).end_object();
  json.key("projection").begin_object().field("lag_records", context.lag_records);
  json.field("lag_seconds", context.lag_seconds).field("last_id", stats.cursor).end_object();
  json.key("series").begin_object();
  write_series(json, "minute", stats.minutes, context.now_us, kMinute, index::kMinutesShown);
  write_series(json, "hour", stats.hours, context.now_us, kHour, index::kHoursShown);
  json.end_object();
  json.key("ports").begin_array();
  for (const index::PortTraffic& port : stats.ports) {
    json.begin_object().key("port");
    if (port.port == index::kPortNotDecoded) {
      json.null();
    } else {
      json.value(port.port);
    }
    json.field("name", traffic_port_name(port.port)).field("packets", port.packets).end_object();
  }
  json.end_array();
  write_records(json, stats);
  json.text_field("site_name", context.site_name);
  json.key("map").begin_object().field("latitude", context.map.latitude).field("longitude", context.map.longitude);
  json.field("zoom", context.map.zoom).field("force", context.map.force);
  const MapTiles& tiles = context.tiles;
  json.text_field("tile_url", tiles.url).field("pmtiles", tiles.file != nullptr);
  json.text_field("attribution", tiles.attribution).end_object();
  json.key("privacy").begin_object().field("position_precision", context.privacy.position_bits);
  json.field("hidden_nodes", context.privacy.hidden_nodes.size());
  json.field("delay_s", std::chrono::floor<std::chrono::seconds>(context.delay).count()).end_object();
  json.end_object();
}

}  // namespace mmm::dashboard
