#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/packet_detail.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/rows_json.h"

// Packets and messages.
namespace mmm::dashboard {
namespace {

constexpr char kPacketList = 'p';
constexpr char kMessageList = 'm';
constexpr std::size_t kWordsBytesMax = 200;
constexpr std::uint64_t kLogIdMax = (1ULL << 53U) - 1;

struct PacketsQuery {
  index::PacketQuery index;
  std::string agent;  // empty: any
};

Result<PacketsQuery> read_packets_query(const http::Request& request) {
  auto known = check_parameters(request, {"limit", "cursor", "from", "to", "port", "agent", "since"});
  if (!known) return fail(known.error());
  PacketsQuery query;
  auto limit = read_limit(request);
  if (!limit) return fail(limit.error());
  auto cursor = read_cursor(request, kPacketList, 1);
  if (!cursor) return fail(cursor.error());
  auto from = read_node(request, "from");
  if (!from) return fail(from.error());
  auto to = read_node(request, "to");
  if (!to) return fail(to.error());
  auto port = read_port(request);
  if (!port) return fail(port.error());
  auto since = read_time(request, "since");
  if (!since) return fail(since.error());
  query.index.limit = *limit;
  if (*cursor) query.index.before = (*cursor)->first;
  query.index.from = *from;
  query.index.to = *to;
  query.index.port = port->port;
  query.index.not_decoded = port->not_decoded;
  query.index.since_us = *since;
  query.agent = request.query_value("agent").value_or("");
  return query;
}

Result<http::Response> answer_packets(index::IndexReader& reader, PacketsQuery query, const AnswerOptions& options) {
  auto etag = index_etag(reader);
  if (!etag) return fail(etag.error());
  if (is_fresh(*etag, options)) return not_modified(*etag);
  std::vector<index::PacketRow> packets;
  bool may_match = true;
  if (!query.agent.empty()) {
    auto num = reader.agent_number(query.agent);
    if (!num) return fail(num.error());
    query.index.agent = *num;
    may_match = num->has_value();
  }
  const std::size_t limit = query.index.limit++;
  if (may_match) {
    auto found = reader.packets(query.index);
    if (!found) return fail(found.error());
    packets = std::move(*found);
  }
  const bool more = packets.size() > limit;
  if (more) packets.pop_back();
  JsonWriter json;
  json.begin_object().key("packets").begin_array();
  for (const index::PacketRow& packet : packets) write_packet(json, packet);
  json.end_array();
  json.text_field("next_cursor", more ? make_cursor(kPacketList, {packets.back().id}) : "").end_object();
  return json_answer(json.take(), *etag, options);
}

}  // namespace

boost::asio::awaitable<http::Response> get_packets(Api& api, http::Request& request) {
  auto query = read_packets_query(request);
  if (!query) co_return bad_request(query.error());
  auto job = [query = *query, options = AnswerOptions(request)](index::IndexReader& reader) {
    return answer_packets(reader, query, options);
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
    auto content = read_content(api, **packet, *receptions);
    if (!content) return fail(content.error());
    JsonWriter json;
    write_packet_detail(json, **packet, *receptions, *content);
    return json_answer(json.take(), "", options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

boost::asio::awaitable<http::Response> get_messages(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {"limit", "cursor", "q"}); !known) co_return bad_request(known.error());
  auto limit = read_limit(request);
  if (!limit) co_return bad_request(limit.error());
  auto cursor = read_cursor(request, kMessageList, 1);
  if (!cursor) co_return bad_request(cursor.error());
  index::MessageQuery query{.limit = *limit + 1, .words = std::string(request.query_value("q").value_or(""))};
  if (query.words.size() > kWordsBytesMax) {
    co_return http::problem(400, "Bad parameter",
                            fmt::format("q has {} bytes; allowed are {}.", query.words.size(), kWordsBytesMax));
  }
  if (*cursor) query.before = (*cursor)->first;
  auto job = [limit = *limit, query,
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto etag = index_etag(reader);
    if (!etag) return fail(etag.error());
    if (is_fresh(*etag, options)) return not_modified(*etag);
    auto messages = query.words.empty() ? reader.messages(query.limit, query.before) : reader.search_messages(query);
    if (!messages) return fail(messages.error());
    const bool more = messages->size() > limit;
    if (more) messages->pop_back();
    JsonWriter json;
    json.begin_object().key("messages").begin_array();
    for (const index::MessageRow& message : *messages) write_message(json, message);
    json.end_array();
    json.text_field("next_cursor", more ? make_cursor(kMessageList, {messages->back().packet}) : "").end_object();
    return json_answer(json.take(), *etag, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
