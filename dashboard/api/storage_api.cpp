#include "core/store/storage_report.h"
#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/json_writer.h"
#include "dashboard/api/parameters.h"

#include <cmath>

namespace mmm::dashboard {
namespace {

std::uint64_t whole(double number) {
  return static_cast<std::uint64_t>(std::llround(number));
}

void write_part(JsonWriter& json, const index::StoragePart& part) {
  json.begin_object().field("name", part.name).key("keep_s");
  json.value(part.keep_us ? std::optional(*part.keep_us / 1'000'000) : std::nullopt).key("oldest_us");
  json.value(part.oldest_us != 0 ? std::optional(part.oldest_us) : std::nullopt);
  json.field("bytes_per_day", whole(part.bytes_per_day)).key("final_bytes");
  json.value(part.final_bytes ? std::optional(whole(*part.final_bytes)) : std::nullopt).end_object();
}

}  // namespace

boost::asio::awaitable<http::Response> get_storage(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {}); !known) co_return bad_request(known.error());
  auto job = [&api, options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    const DashboardOptions& known = api.options;
    auto report = store::report_storage(api.log, reader, known.index_path.parent_path(), known.storage);
    if (!report) return fail(report.error());
    const index::StorageForecast& forecast = report->forecast;
    JsonWriter json;
    json.begin_object().field("log_bytes", report->log.bytes).field("index_bytes", report->index.bytes);
    json.field("index_empty_bytes", report->index.empty_bytes).field("free_bytes", report->free_bytes);
    json.field("usable_bytes", report->usable_bytes);
    json.field("growth_bytes_per_day", whole(forecast.growth_per_day)).field("days_left", forecast.days_left);
    json.key("parts").begin_array();
    for (const index::StoragePart& part : forecast.parts) write_part(json, part);
    json.end_array().end_object();
    return json_answer(json.take(), "", options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
