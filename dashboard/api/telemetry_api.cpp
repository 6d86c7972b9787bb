#include "core/mesh/node_id.h"
#include "core/mesh/telemetry_kinds.h"
#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/rows_json.h"

#include <google/protobuf/descriptor.h>

// What a node measured over time.
namespace mmm::dashboard {
namespace {

constexpr std::int64_t kPointsMax = 10'000;
constexpr std::int64_t kYearUs = 366LL * 24 * index::kHourUs;

struct TelemetryRequest {
  const mesh::TelemetryKind* kind = nullptr;
  index::TelemetryQuery query;
  std::int64_t step_us = 0;  // 0: raw values
};

Result<TelemetryRequest> read_telemetry(const http::Request& request, std::uint32_t node, std::int64_t now_us) {
  auto known = check_parameters(request, {"kind", "step", "since", "until", "limit"});
  if (!known) return fail(known.error());
  TelemetryRequest asked;
  const std::string_view kind = request.query_value("kind").value_or("device");
  asked.kind = mesh::telemetry_kind(kind);
  if (asked.kind == nullptr) {
    std::string names;
    for (const mesh::TelemetryKind& one : mesh::telemetry_kinds()) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", one.name);
    }
    return fail(ErrorKind::kInvalidArgument, "kind is something else than {}.", names);
  }
  const std::string_view step = request.query_value("step").value_or("1h");
  if (step == "5m") {
    asked.step_us = index::kFiveMinutesUs;
  } else if (step == "1h") {
    asked.step_us = index::kHourUs;
  } else if (step != "raw") {
    return fail(ErrorKind::kInvalidArgument, "step is something else than raw, 5m and 1h.");
  }
  auto limit = read_limit(request);
  if (!limit) return fail(limit.error());
  const std::int64_t span_step = asked.step_us == 0 ? kYearUs / kPointsMax : asked.step_us;
  auto range = read_range(request, now_us, span_step, kPointsMax);
  if (!range) return fail(range.error());
  asked.query = {.node = node,
                 .kind = asked.kind->kind,
                 .since_us = range->since_us,
                 .until_us = range->until_us,
                 .limit = request.query_value("limit") ? *limit : static_cast<std::size_t>(kPointsMax)};
  return asked;
}

void write_summary(JsonWriter& json, const index::Summary& summary) {
  json.begin_object().field("count", summary.count).field("min", summary.minimum).field("max", summary.maximum);
  json.field("mean", summary.sum / static_cast<double>(summary.count)).end_object();
}

void write_rollups(JsonWriter& json, const mesh::TelemetryKind& kind, const std::vector<index::RollupRow>& rows) {
  json.begin_array();
  for (const index::RollupRow& row : rows) {
    json.begin_object().field("start_us", row.key.start_us).key("fields").begin_object();
    for (const auto& [number, summary] : row.fields) {
      const auto* field = kind.message->FindFieldByNumber(static_cast<int>(number));
      if (field == nullptr || summary.count == 0) continue;
      json.key(field->name());
      write_summary(json, summary);
    }
    json.end_object().end_object();
  }
  json.end_array();
}

void write_raw(JsonWriter& json, const std::vector<index::TelemetryRow>& rows) {
  json.begin_array();
  for (const index::TelemetryRow& row : rows) {
    json.begin_object().field("packet", row.packet).field("time_us", row.time_us).key("fields");
    if (row.metrics.empty()) {
      json.begin_object().field("battery_level", row.device.battery_level).field("voltage", row.device.voltage);
      json.field("channel_utilization", row.device.channel_utilization).field("air_util_tx", row.device.air_util_tx);
      json.field("uptime_seconds", row.device.uptime_seconds).end_object();
    } else {
      json.raw(row.metrics);
    }
    json.end_object();
  }
  json.end_array();
}

}  // namespace

boost::asio::awaitable<http::Response> get_telemetry(Api& api, http::Request& request) {
  auto num = parse_node("The node", request.param("id"));
  if (!num) co_return bad_request(num.error());
  auto asked = read_telemetry(request, *num, to_micros(api.time.wall()));
  if (!asked) co_return bad_request(asked.error());
  auto job = [asked = *asked, options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    JsonWriter json;
    json.begin_object().field("node", mesh::format_node_id(asked.query.node)).field("kind", asked.kind->name);
    json.field("since_us", asked.query.since_us).field("until_us", asked.query.until_us);
    json.field("step_us", asked.step_us).key("points");
    if (asked.step_us == 0) {
      auto rows = reader.telemetry(asked.query);
      if (!rows) return fail(rows.error());
      write_raw(json, *rows);
    } else {
      auto rows = reader.rollups(asked.query, asked.step_us);
      if (!rows) return fail(rows.error());
      write_rollups(json, *asked.kind, *rows);
    }
    json.end_object();
    return json_answer(json.take(), "", options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
