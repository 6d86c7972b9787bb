#include "dashboard/api/filter_parameters.h"

#include "core/base/check.h"
#include "dashboard/api/json_writer.h"
#include "dashboard/api/parameters.h"
#include "dashboard/query/node_vocabulary.h"
#include "dashboard/query/packet_vocabulary.h"

namespace mmm::dashboard {

std::vector<std::string_view> with_filter_parameters(std::initializer_list<std::string_view> others) {
  std::vector<std::string_view> names(others);
  names.insert(names.end(), std::begin(kFilterParameters), std::end(kFilterParameters));
  return names;
}

http::Response filter_problem(const query::Mistake& mistake) {
  http::Response response;
  response.status = 400;
  response.headers.push_back({"Content-Type", "application/problem+json"});
  JsonWriter json;
  json.begin_object().field("type", "about:blank").field("title", "Bad filter").field("status", response.status);
  json.field("detail", fmt::format("{}: {}{}{}", mistake.parameter, mistake.message, mistake.hint.empty() ? "" : " ",
                                   mistake.hint));
  json.field("parameter", mistake.parameter).field("position", mistake.position).field("length", mistake.length);
  json.field("hint", mistake.hint).end_object();
  response.body = json.take();
  return response;
}

std::expected<query::ParsedFilter, http::Response> read_filter(const http::Request& request, std::int64_t now_us) {
  const query::Vocabulary& vocabulary = query::packet_vocabulary();
  auto filter = query::parse_filter(vocabulary, request.query_value("q").value_or(""), now_us);
  if (!filter) return std::unexpected(filter_problem(filter.error()));
  for (const std::string_view name : kFilterParameters) {
    const auto values = request.query_value(name);
    if (name == "q" || !values) continue;
    const query::Field* field = vocabulary.find_field(name);
    MMM_CHECK(field != nullptr);
    auto added = query::add_term(*filter, vocabulary, *field, *values, now_us);
    if (!added) return std::unexpected(filter_problem(added.error()));
  }
  return std::move(*filter);
}

std::expected<query::ParsedFilter, http::Response> read_node_filter(const http::Request& request, std::int64_t now_us) {
  const query::Vocabulary& vocabulary = query::node_vocabulary();
  auto online = read_flag(request, "online");
  if (!online) return std::unexpected(bad_request(online.error()));
  auto filter = query::parse_filter(vocabulary, request.query_value("q").value_or(""), now_us);
  if (!filter) return std::unexpected(filter_problem(filter.error()));
  if (online->value_or(false)) {
    const query::Field* is = vocabulary.find_field("is");
    MMM_CHECK(is != nullptr);
    auto added = query::add_term(*filter, vocabulary, *is, "online", now_us);
    MMM_CHECK(added.has_value());
  }
  return std::move(*filter);
}

}  // namespace mmm::dashboard
