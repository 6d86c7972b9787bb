#include "core/base/encoding.h"
#include "core/base/limits.h"
#include "core/mesh/decode.h"
#include "core/mesh/names.h"
#include "core/mesh/node_id.h"
#include "core/mesh/packet.h"
#include "core/mesh/payload_json.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/python/payload.h"
#include "dashboard/api/python/python_api.h"
#include "dashboard/api/record_reader.h"

#include <algorithm>
#include <array>
#include <iterator>

// GET /api/packets.
namespace mmm::dashboard::python {
namespace {

constexpr std::uint64_t kHoursDefault = 72;
// A list has no pages here: so often a question that reaches its bound is asked again from there.
constexpr int kScansMax = 5;

struct Query {
  index::PacketFilter filter;
  std::size_t limit = 0;
  std::string agent_id;
};

// The Python version's own page asks for "text".
struct TypePort {
  std::string_view type;
  std::int64_t port;
};
constexpr std::array<TypePort, 8> kTypes{{{"text_message", mesh::TEXT_MESSAGE_APP},
                                          {"text", mesh::TEXT_MESSAGE_APP},
                                          {"position", mesh::POSITION_APP},
                                          {"telemetry", mesh::TELEMETRY_APP},
                                          {"user_info", mesh::NODEINFO_APP},
                                          {"routing", mesh::ROUTING_APP},
                                          {"traceroute", mesh::TRACEROUTE_APP},
                                          {"encrypted", index::kPortNotDecoded}}};

Result<> read_type(const http::Request& request, Query& query) {
  const std::string_view type = request.query_value("type").value_or("");
  if (type.empty() || type == "all") return {};
  index::PacketTerm term{.field = index::PacketField::kPort, .negated = type == "other"};
  for (const TypePort& known : kTypes) {
    // What is of no type is "other".
    if (known.type == type || term.negated) term.ranges.push_back({known.port, known.port});
  }
  if (term.ranges.empty()) {
    return fail(ErrorKind::kInvalidArgument,
                "type must be text_message, position, telemetry, user_info, routing, traceroute, encrypted or other.");
  }
  query.filter.terms.push_back(std::move(term));
  return {};
}

Result<Query> read_query(const http::Request& request, std::int64_t now_us) {
  Query query;
  auto limit = read_number(request, "limit", limits::kPageRowsDefault, limits::kPageRowsMax);
  if (!limit) return fail(limit.error());
  query.limit = *limit;
  auto since = read_since(request, now_us, kHoursDefault);
  if (!since) return fail(since.error());
  query.filter.terms.push_back({.field = index::PacketField::kId, .ranges = {{.min = *since}}});
  query.agent_id = request.query_value("agent_id").value_or("");
  if (auto type = read_type(request, query); !type) return fail(type.error());
  return query;
}

Result<std::vector<index::PacketRow>> find_packets(index::IndexReader& reader, const Query& query) {
  index::PacketFilter filter = query.filter;
  std::vector<index::PacketRow> found;
  if (!query.agent_id.empty()) {
    auto num = reader.agent_number(query.agent_id);
    if (!num) return fail(num.error());
    if (!*num) return found;
    filter.terms.push_back({.field = index::PacketField::kAgent, .ranges = {{**num, **num}}});
  }
  index::PacketScan scan{.limit = query.limit};
  for (int i = 0; i < kScansMax; ++i) {
    auto page = reader.find_packets(filter, scan);
    if (!page) return fail(page.error());
    std::ranges::move(page->rows, std::back_inserter(found));
    scan.after = page->searched_to;
    scan.limit = query.limit - found.size();
    if (!scan.after || scan.limit == 0) break;
  }
  return found;
}

// One end of a packet: from or to.
Result<> write_end(JsonWriter& json, Names& names, std::string_view end, std::uint32_t num) {
  auto node = names.node(num);
  if (!node) return fail(node.error());
  const auto key = [end](std::string_view part) { return fmt::format("{}_{}", end, part); };
  json.text_field(key("node"), num == 0 ? "" : mesh::format_destination(num));
  const char* nobody = end == "to" ? "Broadcast" : "Unknown";
  json.field(key("node_display"), num == 0 ? nobody : Names::display(num, *node));
  json.text_field(key("hw_model"), Names::hw_model(*node)).text_field(key("role"), Names::role(*node));
  json.field(key("hops"), *node == nullptr ? std::nullopt : (*node)->hops_away);
  return {};
}

// What an answer is made from.
struct Sources {
  Api& api;
  index::IndexReader& reader;
  Names names;
  RecordReader records;
};

// The reception that speaks for the packet: the asked agent's, or the first.
Result<std::optional<index::ReceptionRow>> reception_of(Sources& sources, const index::PacketRow& packet,
                                                        std::string_view agent_id) {
  auto receptions = sources.reader.receptions(packet.id);
  if (!receptions) return fail(receptions.error());
  for (index::ReceptionRow& reception : *receptions) {
    if (agent_id.empty() || reception.agent_id == agent_id) return std::move(reception);
  }
  return std::nullopt;
}

Result<> write_packet(JsonWriter& json, Sources& sources, const index::PacketRow& packet, std::string_view agent_id) {
  auto reception = reception_of(sources, packet, agent_id);
  if (!reception) return fail(reception.error());
  const index::AgentRow* agent = *reception ? sources.names.agent((*reception)->agent) : nullptr;
  const bool is_one_agent = !agent_id.empty() && reception->has_value();
  json.begin_object().field("id", packet.id);
  json.text_field("agent_id", agent == nullptr ? "" : agent->id);
  json.text_field("agent_location", agent == nullptr ? "" : agent->location_name);
  write_time(json, "timestamp", packet.time_us);
  if (auto end = write_end(json, sources.names, "from", packet.from); !end) return end;
  if (auto end = write_end(json, sources.names, "to", packet.to); !end) return end;
  json.field("type", type_name(packet.port));
  json.key("payload");
  auto message = sources.records.packet(packet.id);
  if (!message) return fail(message.error());
  write_payload(json, sources.api, *message);
  json.field("rssi", is_one_agent ? (*reception)->rssi : packet.best_rssi);
  json.field("snr", is_one_agent ? (*reception)->snr : packet.best_snr);
  json.field("packet_id", packet.packet_id).field("channel", packet.channel).field("hop_limit", packet.hop_limit);
  json.field("receptions", packet.receptions).end_object();
  return {};
}

Result<http::Response> answer_packets(Api& api, index::IndexReader& reader, const Query& query,
                                      const AnswerOptions& options) {
  auto packets = find_packets(reader, query);
  if (!packets) return fail(packets.error());
  auto names = Names::load(reader);
  if (!names) return fail(names.error());
  Sources sources{.api = api, .reader = reader, .names = std::move(*names), .records = RecordReader(api.log)};
  JsonWriter json;
  json.begin_object().key("packets").begin_array();
  for (const index::PacketRow& packet : *packets) {
    if (auto written = write_packet(json, sources, packet, query.agent_id); !written) return fail(written.error());
  }
  json.end_array().end_object();
  return answer(json, options);
}

}  // namespace

boost::asio::awaitable<http::Response> get_packets(Api& api, http::Request& request) {
  auto query = read_query(request, to_micros(api.time.wall()));
  if (!query) co_return bad_request(query.error());
  auto job = [&api, query = *query, options = AnswerOptions(request)](index::IndexReader& reader) {
    return answer_packets(api, reader, query, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard::python
