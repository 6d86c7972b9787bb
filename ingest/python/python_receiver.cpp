#include "ingest/python/python_receiver.h"

#include "core/base/limits.h"
#include "core/log/log.h"
#include "ingest/receive.h"
#include "metrics/catalog_server.h"

#include <boost/asio/post.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <xxhash.h>

#include <array>
#include <span>

namespace mmm::ingest::python {
namespace asio = boost::asio;
namespace {

constexpr const char* kVersion = "python";
// Seqs follow the clock; when that was set back, the log says from where they are free.
constexpr int kSeqAttemptsMax = 3;

struct EndpointRoute {
  std::string_view path;
  Endpoint endpoint;
};
constexpr std::array<EndpointRoute, 4> kRoutes{{{"/api/agent/register", Endpoint::kRegister},
                                                {"/api/agent/data", Endpoint::kData},
                                                {"/api/agent/nodedb", Endpoint::kNodeList},
                                                {"/api/agent/routes", Endpoint::kRoutes}}};

http::Response accepted_response(Endpoint endpoint, const Body& body) {
  boost::json::object answer{{"status", "success"}};
  switch (endpoint) {
    case Endpoint::kRegister:
      answer["agent_id"] = body.agent_id;
      break;
    case Endpoint::kData:
      answer["received"] = body.counted;
      break;
    case Endpoint::kNodeList:
      answer["updated"] = body.counted;
      break;
    case Endpoint::kRoutes:
      answer["routes_stored"] = body.counted;
      break;
  }
  return http::json_response(boost::json::serialize(answer));
}

// Such an agent has no stream of its own: this one is always the same for it.
std::string stream_of(std::string_view agent_id) {
  const XXH128_hash_t hash = XXH3_128bits(agent_id.data(), agent_id.size());
  XXH128_canonical_t stream;
  XXH128_canonicalFromHash(&stream, hash);
  static_assert(sizeof(stream.digest) == limits::kStreamIdBytes);
  return {reinterpret_cast<const char*>(stream.digest), sizeof(stream.digest)};
}

upload::UploadHeader make_header(const Body& body, std::string_view agent_id) {
  upload::UploadHeader header;
  header.set_agent_id(std::string(agent_id));
  header.set_stream_id(stream_of(agent_id));
  header.set_agent_version(kVersion);
  if (body.location) *header.mutable_location() = *body.location;
  if (body.sent_us > 0) header.set_sent_us(body.sent_us);
  return header;
}

asio::awaitable<http::Response> answer_health(const std::function<std::string()>& alive) {
  const std::string reason = alive();
  if (!reason.empty()) co_return http::problem(503, "Not healthy", reason);
  co_return http::json_response(R"({"status":"healthy"})");
}

}  // namespace

struct PythonReceiver::Probe {
  prometheus::Counter& stored;
  prometheus::Counter& duplicate;
  prometheus::Counter& refused;

  explicit Probe(metrics::Registry& registry)
      : stored(registry.counter(metrics::server::kPythonEntries, {{"outcome", "stored"}})),
        duplicate(registry.counter(metrics::server::kPythonEntries, {{"outcome", "duplicate"}})),
        refused(registry.counter(metrics::server::kPythonEntries, {{"outcome", "refused"}})) {}
};

PythonReceiver::PythonReceiver(store::LogWriter& writer, UploadGate& gate, const TimeSource& time,
                               metrics::Registry& registry)
    : writer_(writer),
      gate_(gate),
      time_(time),
      memory_(registry, limits::kPythonEntriesRemembered),
      turns_(limits::kPythonRequestsWaitingMax),
      probe_(std::make_unique<Probe>(registry)) {}

PythonReceiver::~PythonReceiver() {
  stopping_ = true;
  recall_pool_.join();
}

Result<> PythonReceiver::recall(const store::PacketLog& log) {
  // Seqs of such streams follow the clock, so that their marks tell when the last upload came.
  const std::uint64_t last = log.last_durable();
  bool is_wanted = false;
  auto looked = log.each_mark([&](std::string_view agent_id, std::string_view stream_id, std::uint64_t seq) {
    const bool is_recent = seq + static_cast<std::uint64_t>(EntryMemory::kMemoryUs) > last;
    if (!is_wanted && is_recent) is_wanted = stream_id == stream_of(agent_id);
  });
  if (!looked || !is_wanted) return looked;
  recalling_ = true;
  asio::post(recall_pool_, [this, &log] {
    if (auto recalled = memory_.recall(log, stopping_); !recalled) {
      log::error("ingest/python", "what agents sent again since the last stop may be stored twice: {}",
                 recalled.error().message);
    }
    recalling_ = false;
  });
  return {};
}

void PythonReceiver::add_routes(http::Router& router, std::function<std::string()> alive) {
  auto check = [this](http::Request& request) { return gate_.check(request); };
  auto health = [alive = std::move(alive)](http::Request&) { return answer_health(alive); };
  for (const std::string_view slash : {"", "/"}) {
    for (const EndpointRoute& route : kRoutes) {
      auto handler = [this, endpoint = route.endpoint](http::Request& request) { return handle(endpoint, request); };
      router.add(http::Method::kPost, fmt::format("{}{}", slash, route.path), std::move(handler),
                 limits::kUploadBodyBytesMax, check);
    }
    router.add(http::Method::kGet, fmt::format("{}/api/health", slash), health);
  }
}

asio::awaitable<http::Response> PythonReceiver::handle(Endpoint endpoint, http::Request& request) {
  auto body = co_await receive(endpoint, request);
  if (!body) co_return error_response(body.error());
  co_return accepted_response(endpoint, *body);
}

asio::awaitable<Result<Body>> PythonReceiver::receive(Endpoint endpoint, http::Request& request) {
  if (recalling_) {
    co_return fail(ErrorKind::kUnavailable, "the server has just started and still reads what was sent before");
  }
  auto body = parse_body(endpoint, request.body);
  if (!body) co_return fail(body.error());
  const std::string agent_id = stored_agent_id(body->agent_id);
  for (const std::string_view id : {std::string_view(body->agent_id), std::string_view(agent_id)}) {
    if (auto allowed = gate_.authorize(*request.identity, id); !allowed) co_return fail(allowed.error());
  }
  gate_.count_records(*request.identity, body->entries.size());
  // The same body on two connections at once: the second finds what the first has stored.
  auto turn = co_await turns_.lock(agent_id, limits::kPythonRequestWait);
  if (!turn) co_return fail(ErrorKind::kUnavailable, "other requests of {} are not done yet", agent_id);
  EntryMemory::Selection fresh = memory_.select(agent_id, body->entries, to_micros(time_.wall()));
  probe_->duplicate.Increment(static_cast<double>(body->entries.size() - fresh.entries.size()));
  auto appended = co_await append(*body, agent_id, std::move(fresh));
  if (!appended) co_return fail(appended.error());
  probe_->refused.Increment(static_cast<double>(body->refused));
  co_return std::move(*body);
}

// One chunk, or as many as the limit of records makes; without entries one for the header, the agent's sign of life.
asio::awaitable<Result<>> PythonReceiver::append(const Body& body, std::string_view agent_id,
                                                 EntryMemory::Selection fresh) {
  const upload::UploadHeader header = make_header(body, agent_id);
  const std::int64_t now_us = to_micros(time_.wall());
  auto seq = static_cast<std::uint64_t>(std::max<std::int64_t>(now_us, 1));
  int attempts = 0;
  do {
    std::vector<upload::RecordView> records;
    const std::size_t count = std::min(fresh.entries.size(), limits::kUploadRecordsMax);
    for (const Entry& entry : std::span(fresh.entries).first(count)) {
      const std::int64_t arrival_us = entry.time_us > 0 ? entry.time_us : body.sent_us;
      records.push_back({.seq = seq + records.size(),
                         .arrival_us = arrival_us > 0 ? arrival_us : now_us,
                         .kind = entry.kind,
                         .payload = entry.json});
    }
    auto pending = store::PendingUpload::scan(upload::encode_upload(header, records), {});
    if (!pending) co_return fail(pending.error());
    auto outcome = co_await writer_.append(std::move(*pending));
    if (!outcome) co_return fail(outcome.error());
    // Seqs that were taken already stand in front; the records behind them are stored.
    const auto end = static_cast<std::ptrdiff_t>(count);
    const auto begin = end - static_cast<std::ptrdiff_t>(outcome->stored);
    memory_.learn(std::span(fresh.marks).first(count).last(outcome->stored), to_micros(time_.wall()));
    fresh.entries.erase(fresh.entries.begin() + begin, fresh.entries.begin() + end);
    fresh.marks.erase(fresh.marks.begin() + begin, fresh.marks.begin() + end);
    probe_->stored.Increment(outcome->stored);
    seq = outcome->durable_seq + 1;
    attempts = outcome->duplicates == 0 ? 0 : attempts + 1;
    if (attempts == kSeqAttemptsMax) {
      co_return fail(ErrorKind::kUnavailable, "the records of {} could not be numbered", agent_id);
    }
  } while (!fresh.entries.empty());
  co_return Result<>{};
}

}  // namespace mmm::ingest::python
