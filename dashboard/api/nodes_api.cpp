#include "core/mesh/node_id.h"
#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/field_selection.h"
#include "dashboard/api/filter_parameters.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/rows_json.h"
#include "dashboard/query/resolve.h"

namespace mmm::dashboard {
namespace {

constexpr char kByNumber = 'n';
constexpr char kByHeard = 'h';

Result<index::NodeOrder> read_order(const http::Request& request) {
  const auto text = request.query_value("sort");
  if (!text || *text == "id") return index::NodeOrder::kNumber;
  if (*text == "heard") return index::NodeOrder::kHeard;
  return fail(ErrorKind::kInvalidArgument, "sort is something else than id and heard.");
}

// All but the filter.
Result<index::NodeQuery> read_query(const http::Request& request) {
  if (auto known = check_parameters(request, {"limit", "cursor", "q", "online", "sort", "fields"}); !known) {
    return fail(known.error());
  }
  index::NodeQuery query;
  auto order = read_order(request);
  if (!order) return fail(order.error());
  query.order = *order;
  auto limit = read_limit(request);
  if (!limit) return fail(limit.error());
  query.limit = *limit;
  const bool by_heard = query.order == index::NodeOrder::kHeard;
  auto cursor = read_cursor(request, by_heard ? kByHeard : kByNumber, by_heard ? 2 : 1);
  if (!cursor) return fail(cursor.error());
  if (*cursor) {
    query.after_num = static_cast<std::uint32_t>((*cursor)->first);
    query.after_heard_us = static_cast<std::int64_t>((*cursor)->second);
  }
  return query;
}

std::string cursor_after(const index::NodeRow& node, index::NodeOrder order) {
  if (order == index::NodeOrder::kNumber) return make_cursor(kByNumber, {node.num});
  return make_cursor(kByHeard, {node.num, static_cast<std::uint64_t>(node.last_heard_us.value_or(0))});
}

}  // namespace

boost::asio::awaitable<http::Response> get_nodes(Api& api, http::Request& request) {
  const std::int64_t now_us = to_micros(api.time.wall());
  auto query = read_query(request);
  if (!query) co_return bad_request(query.error());
  auto filter = read_node_filter(request, now_us);
  if (!filter) co_return std::move(filter.error());
  auto fields = FieldSelection::read(request, row_json(index::NodeRow{}, write_node));
  if (!fields) co_return bad_request(fields.error());
  auto job = [query = *query, filter = std::move(*filter), now_us, fields = std::move(*fields),
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto etag = index_etag(reader, etag_period(filter.relative, now_us));
    if (!etag) return fail(etag.error());
    if (is_fresh(*etag, options)) return not_modified(*etag);
    auto resolved = query::resolve_nodes(filter, reader, now_us);
    if (!resolved) return fail(resolved.error());
    if (resolved->mistake) return filter_problem(*resolved->mistake);
    // One more than asked for says whether there is a next page.
    index::NodeQuery asked = query;
    asked.filter = std::move(resolved->filter);
    ++asked.limit;
    auto nodes = reader.nodes(asked);
    if (!nodes) return fail(nodes.error());
    const bool more = nodes->size() > query.limit;
    if (more) nodes->pop_back();
    JsonWriter json;
    json.begin_object().key("nodes").begin_array();
    for (const index::NodeRow& node : *nodes) fields.write(json, row_json(node, write_node));
    json.end_array().text_field("next_cursor", more ? cursor_after(nodes->back(), query.order) : "").end_object();
    return json_answer(json.take(), *etag, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_node(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {}); !known) co_return bad_request(known.error());
  auto num = parse_node("The node", request.param("id"));
  if (!num) co_return bad_request(num.error());
  auto job = [num = *num, options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto etag = index_etag(reader);
    if (!etag) return fail(etag.error());
    if (is_fresh(*etag, options)) return not_modified(*etag);
    auto node = reader.node(num);
    if (!node) return fail(node.error());
    if (!*node) {
      return http::problem(404, "No such node",
                           fmt::format("Nothing is known of the node {}.", mesh::format_node_id(num)));
    }
    auto detail = reader.node_detail(num);
    if (!detail) return fail(detail.error());
    JsonWriter json;
    write_node_detail(json, **node, *detail);
    return json_answer(json.take(), *etag, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
