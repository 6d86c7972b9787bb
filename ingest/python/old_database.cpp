#include "ingest/python/old_database.h"

#include "core/base/encoding.h"
#include "core/base/limits.h"
#include "core/base/time.h"
#include "core/python/json_check.h"
#include "core/sqlite/database.h"
#include "core/sqlite/statement.h"
#include "ingest/python/body.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <sqlite3.h>

#include <cmath>

namespace mmm::ingest::python {
namespace {

using sqlite::Statement;

// Columns of names and times; a payload has limits::kRecordPayloadBytesMax.
constexpr std::size_t kTextBytesMax = 1024;
// What SQLite may run for one row of a file that somebody made to keep us busy; ours take a few dozen.
constexpr int kStepsPerCheck = 1'000'000;

struct TableForm {
  std::string_view name;
  std::string_view columns;  // agent, number (or 0), time, then the row's own
  std::string_view order;
  bool is_numbered;
};

const TableForm& form_of(OldTable table) {
  static constexpr TableForm kForms[] = {
      {"agents", "agent_id, 0, last_seen, location_name, location_lat, location_lon", "agent_id", false},
      {"packets",
       "agent_id, id, coalesce(timestamp, import_time), from_node, to_node, packet_id, channel, type, payload, rssi, "
       "snr, "
       "hop_limit, want_ack",
       "id", true},
      {"node_name_history", "changed_by_agent, id, changed_at, node_id, short_name, long_name", "id", true},
      {"user_info",
       "first_seen_by_agent, 0, last_updated, node_id, short_name, long_name, macaddr, hw_model, role, battery_level, "
       "voltage, channel_utilization, air_util_tx, uptime_seconds, hops_away, last_heard",
       "node_id", false},
      {"nodes", "agent_id, 0, last_seen, node_id, battery_level, position_lat, position_lon", "node_id, agent_id",
       false},
      {"network_routes",
       "agent_id, id, discovery_timestamp, discovery_id, source_node_id, target_node_id, route_path, hop_count, "
       "total_time_ms, success",
       "id", true},
  };
  return kForms[static_cast<std::size_t>(table)];
}

constexpr int kOwnColumns = 3;  // the first of a row's own

// A text as JSON; null for none, and for what cannot be one.
boost::json::value text_of(const Statement& row, int column) {
  if (row.is_null(column)) return nullptr;
  const std::string_view text = row.text(column);
  if (text.size() > kTextBytesMax) return nullptr;
  return boost::json::value(sanitize_utf8(text));
}

boost::json::value integer_of(const Statement& row, int column) {
  const auto number = row.optional_integer(column);
  return number ? boost::json::value(*number) : nullptr;
}

boost::json::value real_of(const Statement& row, int column) {
  const auto number = row.optional_real(column);
  return number && std::isfinite(*number) ? boost::json::value(*number) : nullptr;
}

// Names of enumerations, which stand as "0" where the library wrote the number 0.
boost::json::value enum_of(const Statement& row, int column) {
  const std::string_view text = row.text(column);
  const bool is_number = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number ? integer_of(row, column) : text_of(row, column);
}

// An object whose last member is JSON text as it was stored; null when it is none.
std::string with_raw(const boost::json::object& object, std::string_view name, std::string_view raw) {
  std::string json = boost::json::serialize(object);
  json.pop_back();
  const bool fits = raw.size() <= limits::kRecordPayloadBytesMax / 2 && mmm::python::is_json(raw);
  return fmt::format("{},\"{}\":{}}}", json, name, fits ? raw : "null");
}

std::string packet_json(const Statement& row) {
  const boost::json::object object{{"timestamp", text_of(row, 2)},     {"from_node", text_of(row, 3)},
                                   {"to_node", text_of(row, 4)},       {"packet_id", integer_of(row, 5)},
                                   {"channel", integer_of(row, 6)},    {"type", text_of(row, 7)},
                                   {"rssi", integer_of(row, 9)},       {"snr", real_of(row, 10)},
                                   {"hop_limit", integer_of(row, 11)}, {"want_ack", row.integer(12) != 0}};
  return with_raw(object, "payload", row.text(8));
}

std::string node_list_json(const Statement& row, boost::json::object node) {
  boost::json::object entry;
  entry[sanitize_utf8(row.text(kOwnColumns).substr(0, kTextBytesMax))] = std::move(node);
  return boost::json::serialize(entry);
}

std::string name_json(const Statement& row, std::int64_t time_us) {
  return node_list_json(row, {{"user", {{"shortName", text_of(row, 4)}, {"longName", text_of(row, 5)}}},
                              {"lastHeard", time_us / 1'000'000}});
}

std::string user_json(const Statement& row, std::int64_t time_us) {
  const auto heard = row.optional_integer(15);
  return node_list_json(row, {{"user",
                               {{"shortName", text_of(row, 4)},
                                {"longName", text_of(row, 5)},
                                {"macaddr", text_of(row, 6)},
                                {"hwModel", enum_of(row, 7)},
                                {"role", enum_of(row, 8)}}},
                              {"deviceMetrics",
                               {{"batteryLevel", integer_of(row, 9)},
                                {"voltage", real_of(row, 10)},
                                {"channelUtilization", real_of(row, 11)},
                                {"airUtilTx", real_of(row, 12)},
                                {"uptimeSeconds", integer_of(row, 13)}}},
                              {"hopsAway", integer_of(row, 14)},
                              {"lastHeard", heard.value_or(0) > 0 ? *heard : time_us / 1'000'000}});
}

std::string status_json(const Statement& row) {
  return boost::json::serialize(boost::json::object{{"node_id", text_of(row, 3)},
                                                    {"last_seen", text_of(row, 2)},
                                                    {"battery_level", integer_of(row, 4)},
                                                    {"position", {real_of(row, 5), real_of(row, 6)}}});
}

std::string route_json(const Statement& row) {
  const boost::json::object object{{"discovery_timestamp", text_of(row, 2)}, {"discovery_id", text_of(row, 3)},
                                   {"source_node_id", text_of(row, 4)},      {"target_node_id", text_of(row, 5)},
                                   {"hop_count", integer_of(row, 7)},        {"total_time_ms", integer_of(row, 8)},
                                   {"success", row.integer(9) != 0}};
  return with_raw(object, "route_path", row.text(6));
}

std::string agent_json(const Statement& row, upload::Location& location) {
  const boost::json::object json{
      {"agent_id", text_of(row, 0)},
      {"location", {{"name", text_of(row, 3)}, {"coordinates", {real_of(row, 4), real_of(row, 5)}}}}};
  location.set_name(fitting_location_name(sanitize_utf8(row.text(3).substr(0, kTextBytesMax))));
  const auto latitude = row.optional_real(4);
  const auto longitude = row.optional_real(5);
  if (latitude && longitude && std::abs(*latitude) <= 90 && std::abs(*longitude) <= 180) {
    location.set_latitude(*latitude);
    location.set_longitude(*longitude);
  }
  return boost::json::serialize(json);
}

OldRow read_row(OldTable table, const Statement& row) {
  OldRow out;
  out.agent_id = sanitize_utf8(row.text(0).substr(0, kTextBytesMax));
  out.number = static_cast<std::uint64_t>(std::max<std::int64_t>(row.integer(1), 0));
  if (const auto time = parse_iso8601(row.text(2))) out.time_us = to_micros(*time);
  switch (table) {
    case OldTable::kAgents:
      out.kind = upload::RECORD_KIND_LEGACY_REGISTER;
      out.json = agent_json(row, out.location);
      break;
    case OldTable::kPackets:
      out.kind = upload::RECORD_KIND_LEGACY_DATA;
      out.json = packet_json(row);
      break;
    case OldTable::kNameHistory:
      out.kind = upload::RECORD_KIND_LEGACY_NODEDB;
      out.json = name_json(row, out.time_us);
      break;
    case OldTable::kUsers:
      out.kind = upload::RECORD_KIND_LEGACY_NODEDB;
      out.json = user_json(row, out.time_us);
      break;
    case OldTable::kNodes:
      out.kind = upload::RECORD_KIND_LEGACY_NODE_STATUS;
      out.json = status_json(row);
      break;
    case OldTable::kRoutes:
      out.kind = upload::RECORD_KIND_LEGACY_ROUTES;
      out.json = route_json(row);
      break;
  }
  return out;
}

// Counts the checks since the last row; too many end the statement.
int end_when_busy(void* checks) {
  constexpr int kChecksMax = 100;
  return ++*static_cast<int*>(checks) > kChecksMax ? 1 : 0;
}

}  // namespace

std::string_view table_name(OldTable table) {
  return form_of(table).name;
}

bool is_numbered(OldTable table) {
  return form_of(table).is_numbered;
}

Result<> read_old_table(const std::filesystem::path& path, OldTable table,
                        const std::function<Result<>(const OldRow&)>& take) {
  auto database = sqlite::Database::open(path, {.read_only = true, .create = false});
  if (!database) return fail(database.error());
  // A file of a stranger: no views and triggers with functions, no endless rows.
  sqlite3_limit(database->handle(), SQLITE_LIMIT_LENGTH, static_cast<int>(limits::kRecordPayloadBytesMax));
  int checks = 0;
  sqlite3_progress_handler(database->handle(), kStepsPerCheck, end_when_busy, &checks);
  if (auto set = database->execute("PRAGMA trusted_schema=OFF"); !set) return set;
  const TableForm& form = form_of(table);
  auto tables = database->integer(fmt::format(
      "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{}' AND sql LIKE 'CREATE TABLE%'",
      form.name));
  if (!tables) return fail(tables.error());
  if (*tables == 0) return {};
  auto select = database->prepare(fmt::format("SELECT {} FROM {} ORDER BY {}", form.columns, form.name, form.order));
  if (!select) return fail(select.error().with("this is not a database of the Python version"));
  std::uint64_t place = 0;
  for (;;) {
    checks = 0;
    auto more = select->step();
    if (!more) return fail(more.error());
    if (!*more) return {};
    OldRow row = read_row(table, *select);
    if (!form.is_numbered) row.number = ++place;
    if (auto taken = take(row); !taken) return taken;
  }
}

}  // namespace mmm::ingest::python
