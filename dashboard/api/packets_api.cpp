#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/field_selection.h"
#include "dashboard/api/filter_parameters.h"
#include "dashboard/api/packet_detail.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/rows_json.h"
#include "dashboard/query/resolve.h"

// Packets and messages.
namespace mmm::dashboard {
namespace {

constexpr char kPacketList = 'p';
constexpr char kPacketListRising = 'q';
constexpr char kMessageList = 'm';
constexpr std::size_t kWordsBytesMax = 200;
constexpr std::uint64_t kLogIdMax = (1ULL << 53U) - 1;

struct PacketsQuery {
  query::ParsedFilter filter;
  index::PacketScan scan;
  FieldSelection fields;
};

char list_of(const index::PacketScan& scan) {
  return scan.ascending ? kPacketListRising : kPacketList;
}

// All but the filter.
Result<PacketsQuery> read_packets_query(const http::Request& request) {
  auto known = check_parameters(request, with_filter_parameters({"limit", "cursor", "order", "fields"}));
  if (!known) return fail(known.error());
  PacketsQuery query;
  auto limit = read_limit(request);
  if (!limit) return fail(limit.error());
  query.scan.limit = *limit;
  auto ascending = read_ascending(request);
  if (!ascending) return fail(ascending.error());
  query.scan.ascending = *ascending;
  auto cursor = read_cursor(request, list_of(query.scan), 1);
  if (!cursor) return fail(cursor.error());
  if (*cursor) query.scan.after = (*cursor)->first;
  auto fields = FieldSelection::read(request, row_json(index::PacketRow{}, write_packet));
  if (!fields) return fail(fields.error());
  query.fields = std::move(*fields);
  return query;
}

Result<http::Response> answer_packets(index::IndexReader& reader, const PacketsQuery& query, std::int64_t now_us,
                                      const AnswerOptions& options) {
  auto etag = index_etag(reader, etag_period(query.filter.relative, now_us));
  if (!etag) return fail(etag.error());
  if (is_fresh(*etag, options)) return not_modified(*etag);
  auto filter = query::resolve_packets(query.filter, reader);
  if (!filter) return fail(filter.error());
  if (filter->mistake) return filter_problem(*filter->mistake);
  auto page = reader.find_packets(filter->filter, query.scan);
  if (!page) return fail(page.error());
  if (auto named = reader.find_first_agents(page->rows); !named) return fail(named.error());
  JsonWriter json;
  json.begin_object().key("packets").begin_array();
  for (const index::PacketRow& packet : page->rows) query.fields.write(json, row_json(packet, write_packet));
  json.end_array();
  json.text_field("next_cursor",
                  page->searched_to ? make_cursor(list_of(query.scan), {*page->searched_to}) : std::string());
  json.field("searched_to", page->searched_to).end_object();
  return json_answer(json.take(), *etag, options);
}

}  // namespace

boost::asio::awaitable<http::Response> get_packets(Api& api, http::Request& request) {
  const std::int64_t now_us = to_micros(api.time.wall());
  auto query = read_packets_query(request);
  if (!query) co_return bad_request(query.error());
  auto filter = read_filter(request, now_us);
  if (!filter) co_return std::move(filter.error());
  query->filter = std::move(*filter);
  auto job = [query = std::move(*query), now_us, options = AnswerOptions(request)](index::IndexReader& reader) {
    return answer_packets(reader, query, now_us, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_packet(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {}); !known) co_return bad_request(known.error());
  const auto id = parse_number(request.param("id"), kLogIdMax);
  if (!id) {
    co_return http::problem(400, "Bad packet id", "A packet's id is the number that the lists give as id.");
  }
  auto job = [&api, id = *id, options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto packet = reader.packet(id);
    if (!packet) return fail(packet.error());
    if (!*packet) return http::problem(404, "No such packet", fmt::format("There is no packet {}.", id));
    auto receptions = reader.receptions(id);
    if (!receptions) return fail(receptions.error());
    if (!receptions->empty()) (*packet)->first_agent = receptions->front().agent_id;
    auto content = read_content(api, **packet, *receptions);
    if (!content) return fail(content.error());
    JsonWriter json;
    write_packet_detail(json, **packet, *receptions, *content);
    return json_answer(json.take(), "", options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_messages(Api& api, http::Request& request) {
  auto known = check_parameters(request, {"limit", "cursor", "q", "from", "fields"});
  if (!known) co_return bad_request(known.error());
  auto limit = read_limit(request);
  if (!limit) co_return bad_request(limit.error());
  auto cursor = read_cursor(request, kMessageList, 1);
  if (!cursor) co_return bad_request(cursor.error());
  auto fields = FieldSelection::read(request, row_json(index::MessageRow{}, write_message));
  if (!fields) co_return bad_request(fields.error());
  auto from = read_node(request, "from");
  if (!from) co_return bad_request(from.error());
  index::MessageQuery query{
      .limit = *limit, .words = std::string(request.query_value("q").value_or("")), .from = *from};
  if (query.words.size() > kWordsBytesMax) {
    co_return http::problem(400, "Bad parameter",
                            fmt::format("q has {} bytes; allowed are {}.", query.words.size(), kWordsBytesMax));
  }
  if (*cursor) query.before = (*cursor)->first;
  auto job = [query, fields = std::move(*fields),
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto etag = index_etag(reader);
    if (!etag) return fail(etag.error());
    if (is_fresh(*etag, options)) return not_modified(*etag);
    auto page = reader.find_messages(query);
    if (!page) return fail(page.error());
    JsonWriter json;
    json.begin_object().key("messages").begin_array();
    for (const index::MessageRow& message : page->rows) fields.write(json, row_json(message, write_message));
    json.end_array();
    json.text_field("next_cursor", page->searched_to ? make_cursor(kMessageList, {*page->searched_to}) : "");
    json.end_object();
    return json_answer(json.take(), *etag, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
