#include "agent/upload/uploader.h"

#include "core/base/check.h"
#include "core/log/log.h"
#include "metrics/catalog_agent.h"

#include <algorithm>
#include <utility>

namespace mmm::agent {

namespace asio = boost::asio;

namespace {

constexpr const char* kComponent = "agent/upload";
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

UploadProbe UploadProbe::make(metrics::Registry& registry, const std::string& radio, const std::string& server) {
  namespace catalog = metrics::agent;
  UploadProbe probe{};
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    const auto* outcome = to_string(static_cast<Outcome>(i));
    probe.outcomes[i] =
        &registry.counter(catalog::kUploads, {{"radio", radio}, {"server", server}, {"outcome", outcome}});
  }
  probe.seconds = &registry.histogram(catalog::kUploadSeconds, {{"radio", radio}, {"server", server}});
  probe.bytes = &registry.counter(catalog::kUploadBytes, {{"radio", radio}, {"server", server}});
  probe.records = &registry.counter(catalog::kUploadRecords, {{"radio", radio}, {"server", server}});
  probe.healthy = &registry.gauge(catalog::kServerHealthy, {{"radio", radio}, {"server", server}});
  probe.serving = &registry.gauge(catalog::kServerServing, {{"radio", radio}, {"server", server}});
  return probe;
}

struct Uploader::Turn {
  explicit Turn(Server& its_server) : server(its_server) {
    MMM_CHECK(!server.busy);
    server.busy = true;
  }
  ~Turn() { server.busy = false; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  Server& server;
};

Uploader::Uploader(const asio::any_io_executor& executor, UploaderOptions options, BufferService& buffer,
                   std::vector<UploadServer> servers, TimeSource& time, std::function<upload::UploadHeader()> header)
    : options_(std::move(options)),
      buffer_(buffer),
      time_(time),
      header_(std::move(header)),
      buffer_backoff_({}, options_.seed),
      health_changed_(executor) {
  MMM_CHECK(!servers.empty());
  std::uint64_t seed = options_.seed;
  for (auto& server : servers) {
    UploadPolicy policy(server.policy, seed += 2);
    servers_.push_back(
        Server{.its = std::move(server), .policy = std::move(policy), .accepted = {}, .failed = {}, .failure = {}});
  }
  serving_ = &servers_.front();
  health_may_have_changed();
}

std::uint64_t Uploader::waiting() const {
  return buffer_.state().servers.at(options_.destination).ledger.waiting();
}

bool Uploader::wants(const Record& record) const {
  return options_.filter.passes(record) && servers_.front().its.carrier->carries(record);
}

// The best that is healthy; when none is, the one whose turn comes first. One that is being probed is not free.
Uploader::Server& Uploader::next_server() {
  Server* next = nullptr;
  for (auto& server : servers_) {
    if (server.busy) continue;
    if (server.policy.is_healthy()) return server;
    if (next == nullptr || server.policy.retry_at() < next->policy.retry_at()) next = &server;
  }
  MMM_CHECK(next != nullptr);  // one is probed at a time, and only while another is healthy
  return *next;
}

// Of the servers that are better than the best healthy one, the one whose turn comes first.
Uploader::Server* Uploader::to_probe() {
  Server* next = nullptr;
  for (auto& server : servers_) {
    if (server.policy.is_healthy()) return next;
    if (server.busy) continue;
    if (next == nullptr || server.policy.retry_at() < next->policy.retry_at()) next = &server;
  }
  return nullptr;  // none is healthy: run() tries them with what waits
}

void Uploader::tell_policies() {
  for (auto& server : servers_) server.policy.waiting(waiting(), time_.steady());
}

asio::awaitable<void> Uploader::run() {
  while (true) {
    tell_policies();
    Server& server = next_server();
    const auto due = std::max(server.policy.due(), buffer_not_before_);
    if (due > time_.steady()) {
      // New records may bring the time forward, and so may a server that is back.
      static_cast<void>(co_await buffer_.new_records(options_.destination).wait_until(time_, due));
      continue;
    }
    co_await upload_next(server);
  }
}

asio::awaitable<void> Uploader::run_probes() {
  while (true) {
    Server* const server = to_probe();
    const auto due = server == nullptr ? SteadyTime::max() : server->policy.retry_at();
    if (due > time_.steady()) {
      static_cast<void>(co_await health_changed_.wait_until(time_, due));
      continue;
    }
    co_await probe(*server);
  }
}

asio::awaitable<void> Uploader::drain(SteadyTime deadline) {
  while (time_.steady() < deadline) {
    tell_policies();
    Server& server = next_server();
    server.policy.hurry(time_.steady());
    if (std::max(server.policy.due(), buffer_not_before_) > time_.steady()) co_return;
    co_await upload_next(server);
  }
}

asio::awaitable<void> Uploader::upload_next(Server& server) {
  const Turn turn(server);
  auto batch = co_await buffer_.read(options_.destination, server.policy.records_max(), limits::kAgentUploadBytesMax);
  if (!batch || batch->records.empty()) {
    // Empty although records are said to wait: the figures and the file disagree for the moment of a replacement.
    buffer_failed();
    co_return;
  }
  cut_to_one_upload(batch->records);
  std::vector<upload::RecordView> records;
  for (const auto& [seq, record] : batch->records) {
    if (!wants(record)) continue;
    records.push_back({.seq = seq, .arrival_us = record.arrival_us, .kind = record.kind, .payload = record.payload});
  }
  if (records.empty()) {
    Acknowledgement all_filtered{.upto = batch->records.back().seq};
    co_await acknowledge(*batch, std::move(all_filtered), 0);
    co_return;
  }
  Answer answer = co_await send(server, *batch, records);
  co_await settle(server, *batch, records, std::move(answer));
}

void Uploader::cut_to_one_upload(std::vector<StoredRecord>& records) const {
  const Carrier& carrier = *servers_.front().its.carrier;
  const StoredRecord* first = nullptr;
  for (auto& stored : records) {
    if (!wants(stored.record)) continue;
    if (first == nullptr) first = &stored;
    if (carrier.goes_with(first->record, stored.record)) continue;
    records.erase(records.begin() + (&stored - records.data()), records.end());
    return;
  }
}

asio::awaitable<void> Uploader::probe(Server& server) {
  const Turn turn(server);
  const auto batch = co_await buffer_.read(options_.destination, 0, 0);
  if (!batch) {
    // run() has more reason to say so.
    static_cast<void>(co_await health_changed_.wait_until(time_, time_.steady() + std::chrono::seconds{1}));
    co_return;
  }
  const std::vector<upload::RecordView> none;
  const Answer answer = co_await send(server, *batch, none);
  server.policy.probed(answer, time_.steady());
  say(server, answer, UploadPolicy::Next::kRetry, 0);
  health_may_have_changed();
  buffer_.new_records(options_.destination).notify();
}

asio::awaitable<Answer> Uploader::send(Server& server, const Batch& batch,
                                       const std::vector<upload::RecordView>& records) {
  auto header = header_();
  header.set_stream_id(batch.stream_id);
  header.set_sent_us(to_micros(time_.wall()));
  const auto& ledger = buffer_.state().servers.at(options_.destination).ledger;
  header.mutable_ledger()->set_captured(ledger.captured);
  header.mutable_ledger()->set_delivered(ledger.delivered);
  header.mutable_ledger()->set_duplicate(ledger.duplicate);
  header.mutable_ledger()->set_set_aside(ledger.set_aside);
  header.mutable_ledger()->set_dropped(ledger.dropped);
  header.mutable_ledger()->set_filtered(ledger.filtered);
  header.mutable_ledger()->set_waiting(ledger.waiting());

  const auto started = time_.steady();
  auto sent = co_await server.its.carrier->send(header, records, server.policy.compress());
  const auto& probe = server.its.probe;
  probe.seconds->Observe(std::chrono::duration<double>(time_.steady() - started).count());
  probe.bytes->Increment(static_cast<double>(sent.bytes));
  probe.records->Increment(static_cast<double>(records.size()));
  probe.outcomes[static_cast<std::size_t>(sent.answer.outcome)]->Increment();
  co_return std::move(sent.answer);
}

asio::awaitable<void> Uploader::settle(Server& server, const Batch& batch, const std::vector<upload::RecordView>& sent,
                                       Answer answer) {
  const auto next = server.policy.answered(answer, sent.size(), time_.steady());
  say(server, answer, next, sent.size());
  health_may_have_changed();
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
        log::warning(kComponent, "{}server {}: record {} set aside: {}", options_.log_prefix, server.its.name,
                     refused.seq, refused.reason);
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
    if (stored.seq <= acknowledgement.upto && !wants(stored.record)) ++acknowledgement.filtered;
  }
  const auto moved = co_await buffer_.acknowledge(options_.destination, batch.generation, std::move(acknowledgement));
  // The server has the records; sent again, it will call them duplicates.
  if (!moved) {
    buffer_failed();
  } else {
    buffer_backoff_.reset();
  }
}

void Uploader::buffer_failed() {
  buffer_not_before_ = time_.steady() + buffer_backoff_.next();
}

void Uploader::say(Server& server, const Answer& answer, UploadPolicy::Next next, std::size_t records) {
  const auto& name = server.its.name;
  if (answer.outcome == Outcome::kAccepted) {
    server.accepted = time_.wall();
    if (server.failures_in_a_row > 0)
      log::info(kComponent, "{}server {}: takes records again", options_.log_prefix, name);
    server.failures_in_a_row = 0;
    return;
  }
  if (next == UploadPolicy::Next::kSetAside) {
    log::warning(kComponent, "{}server {}: a record set aside: {}", options_.log_prefix, name, answer.reason);
    return;
  }
  if (records > 0 && (answer.outcome == Outcome::kRefused || answer.outcome == Outcome::kUnsupported)) {
    log::info(kComponent, "{}server {}: {} records refused, sending them otherwise: {}", options_.log_prefix, name,
              records, answer.reason);
    return;
  }
  server.failed = time_.wall();
  server.failure = answer.reason;
  const bool first = server.failures_in_a_row == 0;
  const unsigned every = server.its.log_every_failures;
  const bool again = every > 0 && server.failures_in_a_row % every == 0;
  ++server.failures_in_a_row;
  if (!first && !again) return;
  if (answer.outcome == Outcome::kUnauthorized) {
    log::error(
        kComponent,
        "{}server {}: it does not take this agent's key ({}): set [server_{}] api_key; records wait in the buffer",
        options_.log_prefix, name, answer.reason, name);
  } else {
    log::warning(kComponent, "{}server {}: upload failed: {}; {} records wait in the buffer", options_.log_prefix, name,
                 answer.reason, waiting());
  }
}

std::vector<ServerHealth> Uploader::health() const {
  std::vector<ServerHealth> all;
  for (const Server& server : servers_) {
    all.push_back({.name = server.its.name,
                   .healthy = server.policy.is_healthy(),
                   .serving = &server == serving_,
                   .accepted = server.accepted,
                   .failed = server.failed,
                   .failure = server.failure});
  }
  return all;
}

void Uploader::health_may_have_changed() {
  const auto healthy = std::ranges::find_if(servers_, [](const Server& server) { return server.policy.is_healthy(); });
  if (healthy != servers_.end() && serving_ != &*healthy) {
    const bool is_better = &*healthy < serving_;
    serving_ = &*healthy;
    if (is_better) {
      log::info(kComponent, "{}{}: server {} is back, records go there again", options_.log_prefix, options_.name,
                serving_->its.name);
    } else {
      log::warning(kComponent, "{}{}: records go to server {} until a better one is back", options_.log_prefix,
                   options_.name, serving_->its.name);
    }
  }
  for (auto& server : servers_) {
    server.its.probe.healthy->Set(server.policy.is_healthy() ? 1 : 0);
    server.its.probe.serving->Set(&server == serving_ ? 1 : 0);
  }
  health_changed_.notify();
}

}  // namespace mmm::agent
