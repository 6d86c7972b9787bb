#include "agent/upload/uploader.h"

#include "core/async/offload.h"
#include "core/log/log.h"
#include "core/upload/compression.h"
#include "core/upload/upload_codec.h"
#include "metrics/catalog_agent.h"

#include <utility>

namespace mmm::agent {

namespace asio = boost::asio;

namespace {

constexpr const char* kComponent = "agent/upload";
// Smaller bodies do not get smaller.
constexpr std::size_t kCompressBytesMin = 200;

// What the server refused of what was sent and is settled, each record once, whatever the server says.
std::vector<SetAside> refusals(const upload::UploadResponse& response, const std::vector<upload::RecordView>& sent) {
  std::vector<SetAside> refused;
  for (const auto& record : response.refused()) {
    const bool was_sent = std::ranges::binary_search(sent, record.seq(), {}, &upload::RecordView::seq);
    if (!was_sent || record.seq() > response.durable_seq()) continue;
    refused.push_back({.seq = record.seq(), .reason = cut_reason(record.reason())});
  }
  std::ranges::sort(refused, {}, &SetAside::seq);
  const auto repeated = std::ranges::unique(refused, {}, &SetAside::seq);
  refused.erase(repeated.begin(), repeated.end());
  return refused;
}

}  // namespace

UploadProbe UploadProbe::make(metrics::Registry& registry, const std::string& server) {
  namespace catalog = metrics::agent;
  UploadProbe probe{};
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    const auto* outcome = to_string(static_cast<Outcome>(i));
    probe.outcomes[i] = &registry.counter(catalog::kUploads, {{"server", server}, {"outcome", outcome}});
  }
  probe.seconds = &registry.histogram(catalog::kUploadSeconds, {{"server", server}});
  probe.bytes = &registry.counter(catalog::kUploadBytes, {{"server", server}});
  probe.records = &registry.counter(catalog::kUploadRecords, {{"server", server}});
  return probe;
}

Uploader::Uploader(UploaderOptions options, BufferService& buffer, std::unique_ptr<Poster> poster,
                   asio::thread_pool& pool, TimeSource& time, UploadProbe probe,
                   std::function<upload::UploadHeader()> header)
    : options_(std::move(options)),
      buffer_(buffer),
      poster_(std::move(poster)),
      pool_(pool),
      time_(time),
      probe_(probe),
      header_(std::move(header)),
      policy_(options_.policy, options_.seed) {}

std::uint64_t Uploader::waiting() const {
  return buffer_.state().servers.at(options_.server).ledger.waiting();
}

asio::awaitable<void> Uploader::run() {
  while (true) {
    policy_.waiting(waiting(), time_.steady());
    const auto due = policy_.due();
    if (due > time_.steady()) {
      // New records may bring the time forward.
      static_cast<void>(co_await buffer_.new_records(options_.server).wait_until(time_, due));
      continue;
    }
    co_await upload_next();
  }
}

asio::awaitable<void> Uploader::drain(SteadyTime deadline) {
  while (time_.steady() < deadline) {
    policy_.waiting(waiting(), time_.steady());
    policy_.hurry(time_.steady());
    if (policy_.due() > time_.steady()) co_return;
    co_await upload_next();
  }
}

asio::awaitable<void> Uploader::upload_next() {
  auto batch = co_await buffer_.read(options_.server, policy_.records_max(), limits::kAgentUploadBytesMax);
  if (!batch || batch->records.empty()) {
    // Empty although records are said to wait: the figures and the file disagree for the moment of a replacement.
    policy_.buffer_failed(time_.steady());
    co_return;
  }
  std::vector<upload::RecordView> records;
  for (const auto& [seq, record] : batch->records) {
    if (!options_.filter.passes(record)) continue;
    records.push_back({.seq = seq, .arrival_us = record.arrival_us, .kind = record.kind, .payload = record.payload});
  }
  if (records.empty()) {
    Acknowledgement all_filtered{.upto = batch->records.back().seq};
    co_await acknowledge(*batch, std::move(all_filtered), 0);
    co_return;
  }
  Answer answer = co_await send(*batch, records);
  co_await settle(*batch, records, std::move(answer));
}

asio::awaitable<Answer> Uploader::send(const Batch& batch, const std::vector<upload::RecordView>& records) {
  auto header = header_();
  header.set_stream_id(batch.stream_id);
  header.set_sent_us(to_micros(time_.wall()));
  const auto& ledger = buffer_.state().servers.at(options_.server).ledger;
  header.mutable_ledger()->set_captured(ledger.captured);
  header.mutable_ledger()->set_delivered(ledger.delivered);
  header.mutable_ledger()->set_duplicate(ledger.duplicate);
  header.mutable_ledger()->set_set_aside(ledger.set_aside);
  header.mutable_ledger()->set_dropped(ledger.dropped);
  header.mutable_ledger()->set_filtered(ledger.filtered);
  header.mutable_ledger()->set_waiting(ledger.waiting());

  const bool compress = policy_.compress();
  bool compressed = false;
  auto job = [&header, &records, &compressed, compress] {
    std::string plain = upload::encode_upload(header, records);
    if (!compress || plain.size() < kCompressBytesMin) return plain;
    compressed = true;
    return upload::zstd_compress(plain);
  };
  const std::string body = co_await offload(pool_, std::move(job));

  std::vector<http::Header> headers;
  headers.push_back({.name = "content-type", .value = "application/x-protobuf"});
  if (compressed) headers.push_back({.name = "content-encoding", .value = "zstd"});
  if (!options_.api_key.empty()) headers.push_back({.name = "authorization", .value = "Bearer " + options_.api_key});
  const auto started = time_.steady();
  const auto result = co_await poster_->post(std::move(headers), body);
  Answer answer = interpret(result, records.front().seq, time_.wall());
  probe_.seconds->Observe(std::chrono::duration<double>(time_.steady() - started).count());
  probe_.bytes->Increment(static_cast<double>(body.size()));
  probe_.records->Increment(static_cast<double>(records.size()));
  probe_.outcomes[static_cast<std::size_t>(answer.outcome)]->Increment();
  co_return answer;
}

asio::awaitable<void> Uploader::settle(const Batch& batch, const std::vector<upload::RecordView>& sent, Answer answer) {
  const auto next = policy_.answered(answer, sent.size(), time_.steady());
  say(answer, next, sent.size());
  Acknowledgement acknowledgement;
  switch (next) {
    case UploadPolicy::Next::kRetry:
      co_return;
    case UploadPolicy::Next::kSetAside:
      acknowledgement.upto = sent.front().seq;
      acknowledgement.set_aside.push_back({.seq = sent.front().seq, .reason = answer.reason});
      break;
    case UploadPolicy::Next::kAcknowledge:
      acknowledgement.upto = answer.response.durable_seq();
      acknowledgement.duplicate = answer.response.duplicates();
      acknowledgement.set_aside = refusals(answer.response, sent);
      for (const SetAside& refused : acknowledgement.set_aside) {
        log::warning(kComponent, "server {}: record {} set aside: {}", options_.name, refused.seq, refused.reason);
      }
      break;
  }
  co_await acknowledge(batch, std::move(acknowledgement), sent.back().seq);
}

asio::awaitable<void> Uploader::acknowledge(const Batch& batch, Acknowledgement acknowledgement,
                                            std::uint64_t last_sent_seq) {
  // Once the last record sent is settled, so are the filtered ones behind it.
  const std::uint64_t last = batch.records.back().seq;
  if (acknowledgement.upto >= last_sent_seq) acknowledgement.upto = last;
  for (const auto& stored : batch.records) {
    if (stored.seq <= acknowledgement.upto && !options_.filter.passes(stored.record)) ++acknowledgement.filtered;
  }
  const auto moved = co_await buffer_.acknowledge(options_.server, batch.generation, std::move(acknowledgement));
  // The server has the records; sent again, it will call them duplicates.
  if (!moved) policy_.buffer_failed(time_.steady());
}

void Uploader::say(const Answer& answer, UploadPolicy::Next next, std::size_t records) {
  const auto& name = options_.name;
  if (answer.outcome == Outcome::kAccepted) {
    if (failures_in_a_row_ > 0) log::info(kComponent, "server {}: takes records again", name);
    failures_in_a_row_ = 0;
    return;
  }
  if (next == UploadPolicy::Next::kSetAside) {
    log::warning(kComponent, "server {}: a record set aside: {}", name, answer.reason);
    return;
  }
  if (answer.outcome == Outcome::kRefused || answer.outcome == Outcome::kUnsupported) {
    log::info(kComponent, "server {}: {} records refused, sending them otherwise: {}", name, records, answer.reason);
    return;
  }
  const bool first = failures_in_a_row_ == 0;
  const bool again = options_.log_every_failures > 0 && failures_in_a_row_ % options_.log_every_failures == 0;
  ++failures_in_a_row_;
  if (!first && !again) return;
  if (answer.outcome == Outcome::kUnauthorized) {
    log::error(kComponent,
               "server {}: it does not take this agent's key ({}): set [server_{}] api_key; records wait in the buffer",
               name, answer.reason, name);
  } else {
    log::warning(kComponent, "server {}: upload failed: {}; {} records wait in the buffer", name, answer.reason,
                 waiting());
  }
}

}  // namespace mmm::agent
