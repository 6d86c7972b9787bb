#pragma once

#include "core/store/index/index_reader.h"
#include "core/store/index/rows.h"
#include "dashboard/api/json_writer.h"
#include "dashboard/dashboard.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// The API's objects, made from the index's rows. openapi.json describes each; the live stream sends the same.
namespace mmm::dashboard {

// Members of a packet without the braces, without `receptions`, which is a number in lists and an array in details, and
// without `agent`.
void write_packet_fields(JsonWriter& json, const index::PacketRow& packet);
// With `agent`, which IndexReader::find_first_agents() has to be asked for.
void write_packet(JsonWriter& json, const index::PacketRow& packet);
// The same without `agent`.
void write_exported_packet(JsonWriter& json, const index::PacketRow& packet);
void write_reception(JsonWriter& json, const index::ReceptionRow& reception);
void write_message(JsonWriter& json, const index::MessageRow& message);
void write_node_fields(JsonWriter& json, const index::NodeRow& node);
void write_node(JsonWriter& json, const index::NodeRow& node);
void write_node_detail(JsonWriter& json, const index::NodeRow& node, const index::NodeDetail& detail);
void write_agent(JsonWriter& json, const index::AgentRow& agent);

struct StatsContext {
  std::int64_t now_us = 0;
  std::uint64_t lag_records = 0;
  double lag_seconds = 0;
  std::string_view site_name;
  MapStart map;
  const MapTiles& tiles;
  const mesh::Privacy& privacy;
  std::chrono::milliseconds delay;
};
void write_stats(JsonWriter& json, const index::StatsRow& stats, const StatsContext& context);

// The names of index::Flag bits, as an array.
void write_flags(JsonWriter& json, std::uint32_t flags);

}  // namespace mmm::dashboard
