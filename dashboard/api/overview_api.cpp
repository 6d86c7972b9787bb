#include "core/base/version.h"
#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/rows_json.h"

// Stats and agents.
namespace mmm::dashboard {
namespace {

constexpr std::int64_t kMinute = 60'000'000;

}  // namespace

Result<std::string> index_etag(index::IndexReader& reader, std::int64_t period) {
  auto cursor = reader.cursor();
  if (!cursor) return fail(cursor.error());
  return fmt::format("W/\"{:x}-{:x}-{:x}-{}\"", *cursor, period, reader.generation(), commit());
}

Result<std::string> stats_json(Api& api, index::IndexReader& reader) {
  const std::int64_t now_us = to_micros(api.time.wall());
  auto stats = reader.stats(now_us);
  if (!stats) return fail(stats.error());
  const ProjectionLag lag = api.options.lag ? api.options.lag() : ProjectionLag{};
  JsonWriter json;
  write_stats(json, *stats,
              {.now_us = now_us,
               .lag_records = lag.records,
               .lag_seconds = lag.seconds,
               .site_name = api.options.site_name,
               .map = api.options.map});
  return json.take();
}

boost::asio::awaitable<http::Response> get_stats(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {}); !known) co_return bad_request(known.error());
  auto job = [&api, options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    // The figures also depend on the clock: what counts for the last hour, and who is online.
    auto etag = index_etag(reader, to_micros(api.time.wall()) / kMinute);
    if (!etag) return fail(etag.error());
    if (is_fresh(*etag, options)) return not_modified(*etag);
    auto json = stats_json(api, reader);
    if (!json) return fail(json.error());
    return json_answer(std::move(*json), *etag, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_agents(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {}); !known) co_return bad_request(known.error());
  auto job = [options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto etag = index_etag(reader);
    if (!etag) return fail(etag.error());
    if (is_fresh(*etag, options)) return not_modified(*etag);
    auto agents = reader.agents();
    if (!agents) return fail(agents.error());
    JsonWriter json;
    json.begin_object().key("agents").begin_array();
    for (const index::AgentRow& agent : *agents) write_agent(json, agent);
    json.end_array().end_object();
    return json_answer(json.take(), *etag, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
