#include "core/base/ascii.h"
#include "core/mesh/node_id.h"
#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/parameters.h"
#include "dashboard/api/rows_json.h"

#include <charconv>

// Search over everything.
namespace mmm::dashboard {
namespace {

constexpr std::size_t kTextBytesMax = 100;
constexpr std::uint64_t kLogIdMax = (1ULL << 53U) - 1;

struct Page {
  std::string_view title;
  std::string_view path;
  std::string_view words;  // by which it is found, lower case
};
constexpr Page kPages[] = {
    {"Overview", "/", "overview home figures findings health live"},
    {"Map", "/map", "map positions coverage tracks"},
    {"Nodes", "/nodes", "nodes list battery roles"},
    {"Packets", "/packets", "packets live filter"},
    {"Messages", "/messages", "messages chat texts channels"},
    {"Links", "/links", "links graph topology neighbors matrix"},
    {"Traceroutes", "/traceroutes", "traceroutes routes hops"},
    {"Agents", "/agents", "agents ledger gaps overlap uptime"},
    {"Settings", "/settings", "settings storage retention keys channels theme language"},
    {"API", "/api/docs", "api documentation openapi docs developers export"},
};

std::optional<std::uint64_t> parse_hex(std::string_view text) {
  for (const std::string_view prefix : {"!", "0x"}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc{} || end != text.data() + text.size() || number > kLogIdMax) return std::nullopt;
  return number;
}

// What the text can be as a packet's id: the log's, or the sender's in decimal or hexadecimal.
index::PacketTerm packet_ids(std::string_view text) {
  index::PacketTerm term{.field = index::PacketField::kPacketId};
  for (const auto number : {parse_number(text, UINT32_MAX), parse_hex(text)}) {
    if (!number || *number == 0 || *number > UINT32_MAX) continue;
    const auto id = static_cast<std::int64_t>(*number);
    term.ranges.push_back({id, id});
  }
  return term;
}

Result<std::vector<index::PacketRow>> search_packets(index::IndexReader& reader, std::string_view text) {
  std::vector<index::PacketRow> rows;
  if (const auto id = parse_number(text, kLogIdMax)) {
    auto packet = reader.packet(*id);
    if (!packet) return fail(packet.error());
    if (*packet) rows.push_back(std::move(**packet));
  }
  if (index::PacketTerm term = packet_ids(text); !term.ranges.empty()) {
    // The newest packets alone: an index on ids at random would halve what can be inserted.
    auto page = reader.find_packets({{std::move(term)}}, {.limit = limits::kSearchResultsMax});
    if (!page) return fail(page.error());
    std::ranges::move(page->rows, std::back_inserter(rows));
  }
  if (auto named = reader.find_first_agents(rows); !named) return fail(named.error());
  return rows;
}

void write_pages(JsonWriter& json, std::string_view text) {
  const std::string word = ascii_lower(text);
  json.key("pages").begin_array();
  for (const Page& page : kPages) {
    if (!page.words.contains(word)) continue;
    json.begin_object().field("title", page.title).field("path", page.path).end_object();
  }
  json.end_array();
}

Result<std::string> search(index::IndexReader& reader, const std::string& text) {
  constexpr std::size_t kMax = limits::kSearchResultsMax;
  const auto node_num = parse_number(text, UINT32_MAX);
  auto nodes =
      reader.search_nodes(text, node_num ? std::optional(static_cast<std::uint32_t>(*node_num)) : std::nullopt, kMax);
  if (!nodes) return fail(nodes.error());
  auto agents = reader.search_agents(text, kMax);
  if (!agents) return fail(agents.error());
  auto packets = search_packets(reader, text);
  if (!packets) return fail(packets.error());
  auto messages = reader.find_messages({.limit = kMax, .words = text});
  if (!messages) return fail(messages.error());
  JsonWriter json;
  json.begin_object().key("nodes").begin_array();
  for (const index::NodeRow& node : *nodes) {
    json.begin_object().field("id", mesh::format_node_id(node.num)).text_field("short_name", node.short_name);
    json.text_field("long_name", node.long_name).field("last_heard_us", node.last_heard_us).end_object();
  }
  json.end_array().key("agents").begin_array();
  for (const index::AgentRow& agent : *agents) {
    json.begin_object().field("id", agent.id).text_field("location_name", agent.location_name).end_object();
  }
  json.end_array().key("packets").begin_array();
  for (const index::PacketRow& packet : *packets) write_packet(json, packet);
  json.end_array().key("messages").begin_array();
  for (const index::MessageRow& message : messages->rows) {
    json.begin_object().field("id", message.packet).field("time_us", message.time_us);
    json.field("from", mesh::format_node_id(message.from)).text_field("from_name", message.from_name);
    json.field("text", message.text).end_object();
  }
  json.end_array();
  write_pages(json, text);
  json.end_object();
  return json.take();
}

}  // namespace

boost::asio::awaitable<http::Response> get_search(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {"q"}); !known) co_return bad_request(known.error());
  std::string text(request.query_value("q").value_or(""));
  if (text.empty() || text.size() > kTextBytesMax) {
    co_return http::problem(400, "Bad parameter",
                            fmt::format("q has {} bytes; allowed are 1 to {}.", text.size(), kTextBytesMax));
  }
  auto job = [text = std::move(text),
              options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto etag = index_etag(reader);
    if (!etag) return fail(etag.error());
    if (is_fresh(*etag, options)) return not_modified(*etag);
    auto json = search(reader, text);
    if (!json) return fail(json.error());
    return json_answer(std::move(*json), *etag, options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
