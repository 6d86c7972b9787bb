#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/json_writer.h"
#include "dashboard/api/parameters.h"

// What agents hear in common.
namespace mmm::dashboard {
namespace {

constexpr std::int64_t kDayUs = 86'400'000'000;
// Packets that one question looks at: some 30 ms. An hour of a busy region, a day of most.
constexpr std::size_t kPacketsMax = 50'000;
// A matrix of more cannot be read.
constexpr std::size_t kPairedMax = 40;

}  // namespace

boost::asio::awaitable<http::Response> get_overlap(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {"since"}); !known) co_return bad_request(known.error());
  const std::int64_t now_us = to_micros(api.time.wall());
  auto since = read_time(request, "since", now_us);
  if (!since) co_return bad_request(since.error());
  const std::int64_t since_us = *since ? (*since)->time_us : now_us - kDayUs;
  auto job = [since_us, options = AnswerOptions(request)](index::IndexReader& reader) -> Result<http::Response> {
    auto overlap = reader.overlap(since_us, kPacketsMax, kPairedMax);
    if (!overlap) return fail(overlap.error());
    JsonWriter json;
    json.begin_object().field("since_us", overlap->since_us).field("complete", overlap->complete);
    json.field("packets", overlap->packets).key("agents").begin_array();
    for (const index::AgentShare& share : overlap->agents) {
      json.begin_object().field("agent", share.agent_id).field("packets", share.packets);
      json.field("only", share.only).end_object();
    }
    json.end_array().key("pairs").begin_array();
    for (const index::AgentPair& pair : overlap->pairs) {
      json.begin_object().field("a", overlap->agents[pair.first].agent_id);
      json.field("b", overlap->agents[pair.second].agent_id).field("both", pair.both).end_object();
    }
    json.end_array().end_object();
    return json_answer(json.take(), "", options);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
