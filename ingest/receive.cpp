#include "ingest/receive.h"

#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/http/parse/tokens.h"
#include "core/upload/compression.h"
#include "core/upload/upload.pb.h"
#include "ingest/freshness.h"
#include "metrics/catalog_server.h"

#include <string>
#include <string_view>
#include <utility>

namespace mmm::ingest {
namespace asio = boost::asio;
namespace {

constexpr std::string_view kContentType = "application/x-protobuf";

// What an agent waits before it tries again, in seconds: a queue drains in moments, a disk is made room on by people.
constexpr int kRetryQueueSeconds = 1;
constexpr int kRetryStoppingSeconds = 5;
constexpr int kRetryDiskSeconds = 30;
// This does not pass by itself.
constexpr int kRetryTooManySeconds = 300;

// The media type without parameters and white space, as it came.
std::string_view media_type(std::string_view header) {
  return http::trim(header.substr(0, header.find(';')));
}

// An upload's bytes: the body, and when it came as zstd the frame too.
struct Decoded {
  std::string body;
  std::string zstd;
};

Result<Decoded> decode(http::Request& request) {
  if (!http::equals_ignoring_case(media_type(request.header("content-type")), kContentType)) {
    return fail(ErrorKind::kUnsupported, "the body must have 'Content-Type: {}'", kContentType);
  }
  const std::string_view encoding = request.header("content-encoding");
  const auto is = [encoding](std::string_view name) { return http::equals_ignoring_case(encoding, name); };
  Decoded decoded;
  if (encoding.empty() || is("identity")) {
    decoded.body = std::move(request.body);
    return decoded;
  }
  const bool is_zstd = is("zstd");
  if (!is_zstd && !is("gzip") && !is("x-gzip")) {
    return fail(ErrorKind::kUnsupported, "Content-Encoding must be zstd, gzip or absent");
  }
  auto body = is_zstd ? upload::zstd_decompress(request.body, limits::kUploadDecodedBytesMax)
                      : upload::gzip_decompress(request.body, limits::kUploadDecodedBytesMax);
  if (!body) return fail(std::move(body).error());
  decoded.body = std::move(*body);
  if (is_zstd) decoded.zstd = std::move(request.body);
  return decoded;
}

}  // namespace

http::Response error_response(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kForbidden:
      return http::problem(403, "Key of another agent", error.message);
    case ErrorKind::kTooLarge:
      return http::problem(413, "Upload too large", error.message);
    case ErrorKind::kUnsupported:
      return http::problem(415, "Content type or encoding not supported", error.message);
    case ErrorKind::kInvalidArgument:
      return http::problem(422, "Records not acceptable", error.message);
    case ErrorKind::kMalformed:
      return http::problem(400, "Not an upload", error.message);
    case ErrorKind::kTooMany:
      return http::problem_retry_after(429, "Too many agents", error.message, kRetryTooManySeconds);
    case ErrorKind::kUnavailable:
      return http::problem_retry_after(503, "Too busy", error.message, kRetryQueueSeconds);
    case ErrorKind::kClosed:
      return http::problem_retry_after(503, "Stopping", error.message, kRetryStoppingSeconds);
    case ErrorKind::kDiskFull:
      return http::problem_retry_after(503, "Disk full", error.message, kRetryDiskSeconds);
    default:
      return http::problem_retry_after(503, "Packet log failed", error.message, kRetryDiskSeconds);
  }
}

namespace {

http::Response accepted_response(const store::AppendOutcome& outcome, const std::vector<upload::Refusal>& refused,
                                 std::int64_t now_us) {
  upload::UploadResponse answer;
  answer.set_durable_seq(outcome.durable_seq);
  answer.set_stored(outcome.stored);
  answer.set_duplicates(outcome.duplicates);
  for (const upload::Refusal& refusal : refused) {
    upload::RefusedRecord& record = *answer.add_refused();
    record.set_seq(refusal.seq);
    record.set_reason(refusal.reason);
  }
  answer.set_server_time_us(now_us);
  http::Response response;
  response.headers.push_back({"Content-Type", std::string(kContentType)});
  response.body = answer.SerializeAsString();
  return response;
}

}  // namespace

struct Receiver::Probe {
  prometheus::Counter& stored;
  prometheus::Counter& duplicate;
  prometheus::Counter& refused;
  prometheus::Counter& received_bytes;
  prometheus::Counter& decoded_bytes;
  prometheus::Histogram& seconds;
  Freshness freshness;

  Probe(metrics::Registry& registry, std::size_t agents_max)
      : stored(registry.counter(metrics::server::kIngestRecords, {{"outcome", "stored"}})),
        duplicate(registry.counter(metrics::server::kIngestRecords, {{"outcome", "duplicate"}})),
        refused(registry.counter(metrics::server::kIngestRecords, {{"outcome", "refused"}})),
        received_bytes(registry.counter(metrics::server::kIngestBytes, {{"form", "received"}})),
        decoded_bytes(registry.counter(metrics::server::kIngestBytes, {{"form", "decoded"}})),
        seconds(registry.histogram(metrics::server::kIngestSeconds)),
        freshness(registry, agents_max) {}
};

Receiver::Receiver(store::LogWriter& writer, UploadGate& gate, const TimeSource& time, metrics::Registry& registry,
                   std::size_t agents_max)
    : writer_(writer),
      gate_(gate),
      time_(time),
      probe_(std::make_unique<Probe>(registry, agents_max)),
      carried_(std::make_shared<CarriedMetrics>(time, agents_max)) {}

Receiver::~Receiver() = default;

void Receiver::add_routes(http::Router& router) {
  auto handler = [this](http::Request& request) { return handle(request); };
  auto check = [this](http::Request& request) { return gate_.check(request); };
  router.add(http::Method::kPost, "/api/v1/ingest", std::move(handler), limits::kUploadBodyBytesMax, std::move(check));
}

asio::awaitable<http::Response> Receiver::handle(http::Request& request) {
  const SteadyTime before = time_.steady();
  http::Response response = co_await receive(request);
  probe_->seconds.Observe(std::chrono::duration<double>(time_.steady() - before).count());
  co_return response;
}

asio::awaitable<http::Response> Receiver::receive(http::Request& request) {
  MMM_CHECK(request.identity != nullptr);
  probe_->received_bytes.Increment(static_cast<double>(request.body.size()));
  auto decoded = decode(request);
  if (!decoded) co_return error_response(decoded.error());
  probe_->decoded_bytes.Increment(static_cast<double>(decoded->body.size()));
  auto pending = store::PendingUpload::scan(std::move(decoded->body), std::move(decoded->zstd));
  if (!pending) co_return error_response(pending.error());
  const auto allowed = gate_.authorize(*request.identity, (*pending)->view.header.agent_id());
  if (!allowed) co_return error_response(allowed.error());
  gate_.count_records(*request.identity, (*pending)->view.records.size());

  // The writer takes the upload away; the answer needs these.
  const std::vector<upload::Refusal> refused = (*pending)->view.refused;
  carried_->take((*pending)->view.header);
  const Freshness::Sample sample((*pending)->view);
  auto outcome = co_await writer_.append(std::move(*pending));
  if (!outcome) co_return error_response(outcome.error());
  probe_->stored.Increment(outcome->stored);
  probe_->duplicate.Increment(outcome->duplicates);
  probe_->refused.Increment(static_cast<double>(refused.size()));
  const std::int64_t now_us = to_micros(time_.wall());
  probe_->freshness.observe(sample, outcome->duplicates, now_us);
  co_return accepted_response(*outcome, refused, now_us);
}

}  // namespace mmm::ingest
