#include "core/base/version.h"
#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/field_selection.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/rows_json.h"

// Stats, and agents with their gaps.
namespace mmm::dashboard {
namespace {

constexpr std::int64_t kMinute = 60'000'000;
constexpr char kAgentList = 'a';

}  // namespace

Result<std::string> index_etag(index::IndexReader& reader, std::int64_t period) {
  auto cursor = reader.cursor();
  if (!cursor) return fail(cursor.error());
  return fmt::format("W/\"{:x}-{:x}-{:x}-{}\"", *cursor, period, reader.generation(), commit());
}

std::int64_t etag_period(bool relative, std::int64_t now_us) {
  return relative ? now_us / kMinute : 0;
}

Result<std::string> stats_json(Api& api, index::IndexReader& reader) {
  const std::int64_t now_us = to_micros(api.time.wall());
  // Before the figures are read: without a lag they then have all that was acknowledged.
  const ProjectionLag lag = api.options.lag ? api.options.lag() : ProjectionLag{};
  auto stats = reader.stats(now_us);
  if (!stats) return fail(stats.error());
  JsonWriter json;
  write_stats(json, *stats,
              {.now_us = now_us,
               .lag_records = lag.records,
               .lag_seconds = lag.seconds,
               .site_name = api.options.site_name,
               .map = api.options.map,
               .tiles = api.options.tiles,
               .privacy = api.options.privacy,
               .delay = api.options.delay});
  return json.take();
}

boost::asio::awaitable<http::Response> get_stats(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {}); !known) co_return bad_request(known.error());
  auto job = [&api, options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    // The figures also depend on the clock: what counts for the last hour, and who is online.
    auto etag = index_etag(reader, etag_period(true, to_micros(api.time.wall())));
    if (!etag) return fail(etag.error());
    if (is_fresh(*etag, options)) return not_modified(*etag);
    auto json = stats_json(api, reader);
    if (!json) return fail(json.error());
    return json_answer(std::move(*json), *etag, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_gaps(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {"limit", "since", "until"}); !known) {
    co_return bad_request(known.error());
  }
  auto limit = read_limit(request);
  if (!limit) co_return bad_request(limit.error());
  const std::int64_t now_us = to_micros(api.time.wall());
  auto since = read_time(request, "since", now_us);
  if (!since) co_return bad_request(since.error());
  auto until = read_time(request, "until", now_us);
  if (!until) co_return bad_request(until.error());
  auto job = [id = std::string(request.param("id")), limit = *limit, since_us = *since ? (*since)->time_us : 0,
              until_us = *until ? (*until)->time_us : INT64_MAX,
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto agent = reader.agent_number(id);
    if (!agent) return fail(agent.error());
    if (!*agent) return no_such_agent();
    auto gaps = reader.gaps(**agent, since_us, until_us, limit);
    if (!gaps) return fail(gaps.error());
    JsonWriter json;
    json.begin_object().key("gaps").begin_array();
    for (const index::GapRow& gap : *gaps) {
      json.begin_object().field("start_us", gap.start_us).field("until_us", gap.until_us);
      json.field("cause", index::to_string(gap.cause)).field("records", gap.records);
      json.text_field("reason", gap.reason).text_field("radio", gap.radio).end_object();
    }
    json.end_array().end_object();
    return json_answer(json.take(), "", options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_agents(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {"limit", "cursor", "fields"}); !known) {
    co_return bad_request(known.error());
  }
  auto limit = read_limit(request);
  if (!limit) co_return bad_request(limit.error());
  auto cursor = read_cursor(request, kAgentList, 1);
  if (!cursor) co_return bad_request(cursor.error());
  auto fields = FieldSelection::read(request, row_json(index::AgentRow{}, write_agent));
  if (!fields) co_return bad_request(fields.error());
  const auto after = static_cast<std::int64_t>(*cursor ? (*cursor)->first : 0);
  auto job = [limit = *limit, after, fields = std::move(*fields),
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto etag = index_etag(reader);
    if (!etag) return fail(etag.error());
    if (is_fresh(*etag, options)) return not_modified(*etag);
    auto agents = reader.agents(limit + 1, after);
    if (!agents) return fail(agents.error());
    const bool more = agents->size() > limit;
    if (more) agents->pop_back();
    JsonWriter json;
    json.begin_object().key("agents").begin_array();
    for (const index::AgentRow& agent : *agents) fields.write(json, row_json(agent, write_agent));
    json.end_array();
    const std::string next =
        more ? make_cursor(kAgentList, {static_cast<std::uint64_t>(agents->back().num)}) : std::string();
    json.text_field("next_cursor", next).end_object();
    return json_answer(json.take(), *etag, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
