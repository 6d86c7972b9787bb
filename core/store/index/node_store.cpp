#include "core/store/index/node_store.h"

#include "core/sqlite/statement.h"
#include "core/store/index/row_codec.h"

#include <array>

namespace mmm::index {
namespace {

std::string put_sql(std::string_view table, std::string_view columns, int count) {
  return fmt::format("REPLACE INTO {}({}) VALUES({})", table, columns, parameters(count));
}

}  // namespace

const char* to_string(IdentityField field) {
  switch (field) {
    case IdentityField::kLongName:
      return "long_name";
    case IdentityField::kShortName:
      return "short_name";
    case IdentityField::kRole:
      return "role";
    case IdentityField::kHwModel:
      return "hw_model";
    case IdentityField::kPublicKey:
      return "public_key";
  }
  return "unknown";
}

struct NodeStore::Statements {
  std::optional<sqlite::Statement> rollup, put_rollup, add_change, add_message, add_words, put_ack, put_waypoint,
      put_map_report, put_gap;
};

NodeStore::NodeStore(std::unique_ptr<Statements> statements) : statements_(std::move(statements)) {}
NodeStore::~NodeStore() = default;

Result<std::unique_ptr<NodeStore>> NodeStore::open(sqlite::Database& database) {
  auto statements = std::make_unique<Statements>();
  const std::pair<std::optional<sqlite::Statement>*, std::string> all[] = {
      {&statements->rollup,
       "SELECT fields FROM telemetry_rollups WHERE node = ?1 AND kind = ?2 AND step_us = ?3 AND start_us = ?4"},
      {&statements->put_rollup, put_sql("telemetry_rollups", "node, kind, step_us, start_us, fields", 5)},
      {&statements->add_change, put_sql("identity_changes", "node, time_us, field, value", 4)},
      {&statements->add_message,
       put_sql("messages", "packet, lag, from_node, to_node, packet_id, channel, text, reply_id, emoji", 9)},
      {&statements->add_words, "INSERT INTO messages_fts(rowid, text) VALUES(?1, ?2)"},
      {&statements->put_ack,
       "UPDATE messages SET ack_us = ?2, ack_from = ?3, ack_error = ?4 WHERE packet = ?1 AND ack_error IS NOT 0"},
      {&statements->put_waypoint,
       put_sql("waypoints",
               "id, packet, lag, from_node, name, description, latitude_i, longitude_i, icon, expire_s, locked_to",
               11)},
      {&statements->put_map_report,
       put_sql("map_reports", "node, time_us, firmware, region, modem_preset, online_nodes, default_channel", 7)},
      {&statements->put_gap, put_sql("agent_gaps", "agent, start_us, cause, until_us, records, reason, radio", 7)},
  };
  for (const auto& [slot, sql] : all) {
    auto statement = database.prepare(sql);
    if (!statement) return fail(statement.error());
    slot->emplace(std::move(*statement));
  }
  return std::unique_ptr<NodeStore>(new NodeStore(std::move(statements)));
}

Result<RollupRow> NodeStore::rollup(const RollupKey& key) {
  sqlite::Statement& select = *statements_->rollup;
  select.bind(key.node, key.kind, key.step_us, key.start_us);
  RollupRow row{.key = key};
  auto found = select.step();
  if (!found) return fail(found.error());
  if (*found) {
    row.fields = decode_summaries(select.blob(0));
    select.reset();
  }
  return row;
}

Result<> NodeStore::put(const RollupRow& row) {
  const std::string fields = encode_summaries(row.fields);
  const RollupKey& key = row.key;
  return statements_->put_rollup->bind(key.node, key.kind, key.step_us, key.start_us, sqlite::Blob{fields}).run();
}

Result<> NodeStore::add(const IdentityChangeRow& row) {
  return statements_->add_change->bind(row.node, row.time_us, static_cast<int>(row.field), row.value).run();
}

Result<> NodeStore::add(const MessageRow& row) {
  auto added = statements_->add_message
                   ->bind(row.packet, static_cast<std::int64_t>(row.packet) - row.time_us, row.from, row.to,
                          row.packet_id, row.channel, row.text, row.reply_id, row.emoji)
                   .run();
  if (!added) return added;
  return statements_->add_words->bind(row.packet, row.text).run();
}

Result<> NodeStore::put(const AckRow& row) {
  return statements_->put_ack->bind(row.packet, row.time_us, row.from, row.error).run();
}

Result<> NodeStore::put(const WaypointRow& row) {
  return statements_->put_waypoint
      ->bind(row.id, row.packet, static_cast<std::int64_t>(row.packet) - row.time_us, row.from, row.name,
             row.description, row.latitude_i, row.longitude_i, row.icon, row.expire_s, row.locked_to)
      .run();
}

Result<> NodeStore::put(const MapReportRow& row) {
  return statements_->put_map_report
      ->bind(row.node, row.time_us, row.firmware, row.region, row.modem_preset, row.online_nodes, row.default_channel)
      .run();
}

Result<> NodeStore::put(const GapRow& row) {
  return statements_->put_gap
      ->bind(row.agent, row.start_us, static_cast<int>(row.cause), row.until_us, row.records, row.reason, row.radio)
      .run();
}

}  // namespace mmm::index
