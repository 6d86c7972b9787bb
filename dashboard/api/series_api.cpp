#include "core/mesh/names.h"
#include "core/mesh/node_id.h"
#include "core/mesh/telemetry_kinds.h"
#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/rows_json.h"

#include <array>
#include <map>

// Time series: what was counted, what nodes measured, and who did most.
namespace mmm::dashboard {
namespace {

constexpr std::int64_t kMinuteUs = 60'000'000;
constexpr std::int64_t kDayUs = 24 * index::kHourUs;
// Points of one answer; a chart shows fewer.
constexpr std::int64_t kPointsMax = 10'000;
// Beside the minutes there are at most so many ports with traffic.
constexpr std::size_t kTrafficRowsMax = 100'000;
constexpr std::int64_t kHoursMax = 24 * 366;

struct Step {
  const char* name;
  std::int64_t us;
};
constexpr std::array kSteps{Step{"1m", kMinuteUs}, Step{"5m", index::kFiveMinutesUs}, Step{"15m", 15 * kMinuteUs},
                            Step{"1h", index::kHourUs}, Step{"1d", kDayUs}};

Result<std::int64_t> read_step(const http::Request& request, std::int64_t standard, std::int64_t smallest) {
  const auto text = request.query_value("step");
  if (!text) return standard;
  std::string names;
  for (const Step& step : kSteps) {
    if (step.us < smallest) continue;
    if (*text == step.name) return step.us;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", step.name);
  }
  return fail(ErrorKind::kInvalidArgument, "step is something else than {}.", names);
}

std::string port_title(std::int64_t port) {
  if (port == index::kPortNotDecoded) return "none";
  return mesh::port_name(static_cast<std::uint32_t>(port));
}

struct SeriesRequest {
  std::int64_t step_us = 0;
  TimeRange range;
  std::optional<std::uint32_t> node;
  std::string agent;
  std::optional<std::int64_t> port;
};

Result<SeriesRequest> read_series(const http::Request& request, std::int64_t now_us) {
  auto known = check_parameters(request, {"step", "since", "until", "node", "agent", "port"});
  if (!known) return fail(known.error());
  SeriesRequest series;
  auto node = read_node(request, "node");
  if (!node) return fail(node.error());
  series.node = *node;
  series.agent = request.query_value("agent").value_or("");
  auto port = read_port(request);
  if (!port) return fail(port.error());
  if (port->not_decoded) series.port = index::kPortNotDecoded;
  if (port->port) series.port = std::min<std::int64_t>(*port->port, index::kPortOther);
  const int filters = (series.node ? 1 : 0) + (series.agent.empty() ? 0 : 1) + (series.port ? 1 : 0);
  if (filters > 1) return fail(ErrorKind::kInvalidArgument, "Give one of node, agent and port.");
  const bool by_hour = series.node || !series.agent.empty();
  auto step = read_step(request, index::kHourUs, by_hour ? index::kHourUs : kMinuteUs);
  if (!step) return fail(step.error());
  series.step_us = *step;
  auto range = read_range(request, now_us, *step, by_hour ? std::min(kPointsMax, kHoursMax) : kPointsMax);
  if (!range) return fail(range.error());
  series.range = *range;
  return series;
}

void write_traffic(JsonWriter& json, const std::vector<index::TrafficSeriesPoint>& points) {
  std::map<std::int64_t, std::vector<const index::TrafficSeriesPoint*>> by_port;
  for (const auto& point : points) by_port[point.port].push_back(&point);
  json.key("series").begin_array();
  for (const auto& [port, line] : by_port) {
    json.begin_object().field("port", port_title(port)).key("points").begin_array();
    for (const auto* point : line) {
      json.begin_object().field("start_us", point->start_us).field("packets", point->packets);
      json.field("receptions", point->receptions).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

// Hours put together to whole steps.
template <class Row, class Add>
std::map<std::int64_t, index::NodeHourRow> sum_up(const std::vector<Row>& rows, std::int64_t step_us, const Add& add) {
  std::map<std::int64_t, index::NodeHourRow> steps;
  for (const Row& row : rows) add(steps[row.start_us - row.start_us % step_us], row);
  return steps;
}

Result<http::Response> answer_series(index::IndexReader& reader, const SeriesRequest& asked,
                                     const AnswerOptions& options) {
  JsonWriter json;
  json.begin_object().field("step_us", asked.step_us);
  json.field("since_us", asked.range.since_us).field("until_us", asked.range.until_us);
  if (!asked.node && asked.agent.empty()) {
    auto points = reader.traffic({.step_us = asked.step_us,
                                  .since_us = asked.range.since_us,
                                  .until_us = asked.range.until_us,
                                  .limit = kTrafficRowsMax,
                                  .from_minutes = asked.step_us < index::kHourUs,
                                  .port = asked.port});
    if (!points) return fail(points.error());
    write_traffic(json, *points);
    json.end_object();
    return json_answer(json.take(), "", options);
  }
  json.key("series").begin_array().begin_object();
  json.key("points").begin_array();
  if (asked.node) {
    auto hours = reader.node_hours(*asked.node, asked.range.since_us, asked.range.until_us);
    if (!hours) return fail(hours.error());
    const auto steps = sum_up(*hours, asked.step_us, [](index::NodeHourRow& sum, const index::NodeHourRow& hour) {
      sum.packets += hour.packets;
      sum.receptions += hour.receptions;
      sum.airtime_us += hour.airtime_us;
      sum.flooded += hour.flooded;
    });
    for (const auto& [start_us, sum] : steps) {
      json.begin_object().field("start_us", start_us).field("packets", sum.packets);
      json.field("receptions", sum.receptions).field("airtime_us", sum.airtime_us);
      json.field("flooded", sum.flooded).end_object();
    }
  } else {
    auto agent = reader.agent_number(asked.agent);
    if (!agent) return fail(agent.error());
    if (!*agent) return no_such_agent();
    auto hours = reader.agent_hours(**agent, asked.range.since_us, asked.range.until_us);
    if (!hours) return fail(hours.error());
    const auto steps = sum_up(*hours, asked.step_us, [](index::NodeHourRow& sum, const index::AgentHourRow& hour) {
      sum.receptions += hour.receptions;
    });
    for (const auto& [start_us, sum] : steps) {
      json.begin_object().field("start_us", start_us).field("receptions", sum.receptions).end_object();
    }
  }
  json.end_array().end_object().end_array().end_object();
  return json_answer(json.take(), "", options);
}

Result<index::NodeMeasure> read_measure(const http::Request& request) {
  static constexpr std::pair<const char*, index::NodeMeasure> kMeasures[] = {
      {"packets", index::NodeMeasure::kPackets},
      {"receptions", index::NodeMeasure::kReceptions},
      {"airtime", index::NodeMeasure::kAirtime},
      {"flooded", index::NodeMeasure::kFlooded}};
  const std::string_view text = request.query_value("measure").value_or("packets");
  for (const auto& [name, measure] : kMeasures) {
    if (text == name) return measure;
  }
  return fail(ErrorKind::kInvalidArgument, "measure is something else than packets, receptions, airtime and flooded.");
}

}  // namespace

boost::asio::awaitable<http::Response> get_series(Api& api, http::Request& request) {
  auto asked = read_series(request, to_micros(api.time.wall()));
  if (!asked) co_return bad_request(asked.error());
  auto job = [asked = *asked, options = AnswerOptions(request)](index::IndexReader& reader) {
    return answer_series(reader, asked, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_top_nodes(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {"measure", "since", "until", "limit"}); !known) {
    co_return bad_request(known.error());
  }
  auto measure = read_measure(request);
  if (!measure) co_return bad_request(measure.error());
  auto limit = read_limit(request);
  if (!limit) co_return bad_request(limit.error());
  auto range = read_range(request, to_micros(api.time.wall()), index::kHourUs, kHoursMax);
  if (!range) co_return bad_request(range.error());
  auto job = [measure = *measure, limit = *limit, range = *range,
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto rows = reader.top_nodes(measure, range.since_us, range.until_us, limit);
    if (!rows) return fail(rows.error());
    JsonWriter json;
    json.begin_object().field("since_us", range.since_us).field("until_us", range.until_us);
    json.key("nodes").begin_array();
    for (const index::NodeTotals& node : *rows) {
      json.begin_object().field("node", mesh::format_node_id(node.node)).text_field("name", node.name);
      json.field("packets", node.packets).field("receptions", node.receptions);
      json.field("airtime_us", node.airtime_us).field("flooded", node.flooded).end_object();
    }
    json.end_array().end_object();
    return json_answer(json.take(), "", options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
