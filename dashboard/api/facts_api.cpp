#include "core/mesh/names.h"
#include "core/mesh/node_id.h"
#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/rows_json.h"

// What nodes told beside positions, telemetry and messages: their identity over time, waypoints.
namespace mmm::dashboard {
namespace {

// Role and hardware are stored as numbers and shown by name.
std::string shown_value(const index::IdentityChangeRow& change) {
  const auto number = parse_number(change.value, INT32_MAX);
  if (number && change.field == index::IdentityField::kRole) return mesh::role_name(static_cast<int>(*number));
  if (number && change.field == index::IdentityField::kHwModel) return mesh::hardware_name(static_cast<int>(*number));
  return change.value;
}

void write_waypoint(JsonWriter& json, const index::WaypointRow& point) {
  json.begin_object().field("id", point.id).field("packet", point.packet).field("time_us", point.time_us);
  json.field("from", mesh::format_node_id(point.from)).text_field("name", point.name);
  json.text_field("description", point.description).key("position");
  if (point.latitude_i && point.longitude_i) {
    json.begin_object().field("latitude", *point.latitude_i / index::kUnitsPerDegree);
    json.field("longitude", *point.longitude_i / index::kUnitsPerDegree).end_object();
  } else {
    json.null();
  }
  json.field("icon", point.icon).field("expire_s", point.expire_s);
  json.text_field("locked_to", point.locked_to != 0 ? mesh::format_node_id(point.locked_to) : "").end_object();
}

}  // namespace

boost::asio::awaitable<http::Response> get_node_history(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {"limit"}); !known) co_return bad_request(known.error());
  auto num = parse_node("The node", request.param("id"));
  if (!num) co_return bad_request(num.error());
  auto limit = read_limit(request);
  if (!limit) co_return bad_request(limit.error());
  auto job = [num = *num, limit = *limit,
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto changes = reader.identity_changes(num, limit);
    if (!changes) return fail(changes.error());
    auto report = reader.map_report(num);
    if (!report) return fail(report.error());
    JsonWriter json;
    json.begin_object().field("node", mesh::format_node_id(num)).key("changes").begin_array();
    for (const index::IdentityChangeRow& change : *changes) {
      json.begin_object().field("time_us", change.time_us).field("field", index::to_string(change.field));
      json.field("value", shown_value(change)).end_object();
    }
    json.end_array().key("map_report");
    if (*report) {
      json.begin_object().field("time_us", (*report)->time_us).text_field("firmware", (*report)->firmware);
      json.field("region", mesh::region_name(static_cast<int>((*report)->region)));
      json.field("modem_preset", mesh::modem_preset_name(static_cast<int>((*report)->modem_preset)));
      json.field("online_nodes", (*report)->online_nodes);
      json.field("default_channel", (*report)->default_channel).end_object();
    } else {
      json.null();
    }
    json.end_object();
    return json_answer(json.take(), "", options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_waypoints(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {"limit"}); !known) co_return bad_request(known.error());
  auto limit = read_limit(request);
  if (!limit) co_return bad_request(limit.error());
  auto job = [limit = *limit, now_us = to_micros(api.time.wall()),
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto points = reader.waypoints(now_us, limit);
    if (!points) return fail(points.error());
    JsonWriter json;
    json.begin_object().key("waypoints").begin_array();
    for (const index::WaypointRow& point : *points) write_waypoint(json, point);
    json.end_array().end_object();
    return json_answer(json.take(), "", options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
