#include "perf/sim/load/fleet.h"

#include "core/async/task_group.h"
#include "core/mesh/from_radio.pb.h"
#include "core/mesh/node_id.h"
#include "core/upload/compression.h"
#include "core/upload/upload_codec.h"
#include "core/upload/wire_writer.h"
#include "perf/sim/mesh/random.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>

namespace mmm::sim {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// Distinct packets before contents repeat (their ids never do).
constexpr std::size_t kPoolPacketsMin = 4096;
// A pool of so many lets nine of ten nodes be heard.
constexpr std::size_t kPoolPacketsPerNode = 5;
constexpr auto kAnswerTimeout = 60s;
// How soon a pause notices that the run is ending.
constexpr auto kLookEvery = 100ms;
constexpr auto kUndeliveredMax = 60s;
// Until the first answer: whoever starts the fleet expects the server to be there.
constexpr auto kNoServerMax = 5s;
constexpr auto kRetryDelayMax = 2s;
// What a fleet can afford: bodies are compressed for transport only.
constexpr int kZstdLevel = 1;

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

bool worth_a_retry(int status) {
  return status == 408 || status == 429 || status >= 500;
}

std::string head_of(const LoadOptions& options) {
  std::string head =
      fmt::format("POST {}/api/v1/ingest HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-protobuf\r\n",
                  options.path, options.host);
  if (!options.key.empty()) head += fmt::format("Authorization: Bearer {}\r\n", options.key);
  if (options.zstd) head += "Content-Encoding: zstd\r\n";
  return head;
}

std::size_t pool_packets(const LoadOptions& options) {
  const std::size_t varied = std::max(kPoolPacketsMin, options.nodes * kPoolPacketsPerNode);
  if (options.records == 0) return varied;
  // Each agent goes through the pool: what it never reaches is not made.
  return std::clamp<std::size_t>(options.records / options.agents, kPoolPacketsMin, varied);
}

}  // namespace

struct Fleet::Agent {
  std::size_t number = 0;
  std::uint32_t group = 0;     // of agents that hear the same packets
  std::uint32_t receiver = 0;  // which of the group
  std::uint64_t uploads = 0;
  std::uint64_t next_seq = UploadBody::kFirstSeq;
  upload::UploadHeader header;
};

struct Fleet::Connection {
  HttpPost http;
  std::vector<Agent*> agents;
  std::vector<UploadBody> bodies;
  std::string header_field;
  std::string plain;
  std::string compressed;
  SteadyTime asked_at{};           // when the answer began to be waited for; the epoch: not waiting
  SteadyTime undelivered_since{};  // an upload that was tried first then; the epoch: none
};

Fleet::Fleet(asio::any_io_executor executor, TimeSource& time, const LoadOptions& options)
    : executor_(std::move(executor)),
      time_(time),
      options_(options),
      pool_(make_packet_pool({.seed = options.seed,
                              .nodes = options.nodes,
                              .count = pool_packets(options),
                              .now_us = to_micros(time.wall()),
                              .introduced = options.introduced})),
      started_us_(to_micros(time_.wall())),
      run_seed_(mix(options_.seed, static_cast<std::uint64_t>(started_us_))) {
  for (std::size_t i = 0; i < options_.agents; ++i) {
    Random random(mix(run_seed_, i));
    auto agent = std::make_unique<Agent>();
    agent->number = i;
    agent->group = static_cast<std::uint32_t>(i / options_.receptions);
    agent->receiver = static_cast<std::uint32_t>(i % options_.receptions);
    agent->header.set_agent_id(fmt::format("load-{:05}", i + 1));
    agent->header.set_stream_id(random.bytes(16));
    agent->header.set_agent_version("mmm-sim load");
    agent->header.mutable_location()->set_name(fmt::format("Load site {}", i + 1));
    agent->header.mutable_location()->set_latitude(48.137 + random.normal() * 0.1);
    agent->header.mutable_location()->set_longitude(11.575 + random.normal() * 0.15);
    agents_.push_back(std::move(agent));
  }
  const std::size_t connections = std::min(options_.connections, options_.agents);
  const std::size_t variety = std::max<std::size_t>(1, pool_.packets.size() / options_.batch);
  for (std::size_t c = 0; c < connections; ++c) {
    auto connection =
        std::make_unique<Connection>(Connection{.http = HttpPost(executor_, options_.endpoint, head_of(options_)),
                                                .agents = {},
                                                .bodies = {},
                                                .header_field = {},
                                                .plain = {},
                                                .compressed = {}});
    for (std::size_t i = c; i < agents_.size(); i += connections) connection->agents.push_back(agents_[i].get());
    for (std::size_t v = 0; v < variety; ++v)
      connection->bodies.emplace_back(pool_, v * options_.batch, options_.batch);
    connections_.push_back(std::move(connection));
  }
}

Fleet::~Fleet() = default;

asio::awaitable<Result<LoadReport>> Fleet::run() {
  TaskGroup watching(executor_);
  watching.spawn("watch", watch());
  TaskGroup sending(executor_);
  for (const auto& connection : connections_) sending.spawn("introduce", introduce(*connection));
  co_await sending.join();
  const SteadyTime started = time_.steady();
  const double cpu_before = cpu_seconds();
  next_due_ = started;
  TaskGroup timing(executor_);
  if (options_.duration.count() > 0) {
    const auto end = started + std::chrono::duration_cast<std::chrono::steady_clock::duration>(options_.duration);
    const auto stop_at = [](Fleet& fleet, SteadyTime when) -> asio::awaitable<void> {
      co_await fleet.time_.sleep_until(when);
      fleet.stop();
    };
    timing.spawn("duration", stop_at(*this, end));
  }
  TaskGroup loops(executor_);
  for (const auto& connection : connections_) loops.spawn("upload", send_loop(*connection));
  co_await loops.join();
  report_.seconds = std::chrono::duration<double>(time_.steady() - started).count();
  report_.cpu_seconds = cpu_seconds() - cpu_before;
  timing.cancel();
  watching.cancel();
  co_await timing.join();
  co_await watching.join();
  if (!fatal_.empty()) co_return fail(ErrorKind::kUnavailable, "{}", fatal_);
  co_return report_;
}

asio::awaitable<void> Fleet::introduce(Connection& connection) {
  for (Agent* const agent : connection.agents) {
    std::string body = introduction(*agent);
    if (options_.zstd) body = upload::zstd_compress(body, kZstdLevel);
    const bool delivered = co_await deliver(connection, *agent, body, {}, 0, false);
    if (!delivered) co_return;
  }
}

// What an agent says of itself and of its radio when it starts; each agent's radio is another node.
std::string Fleet::introduction(const Agent& agent) const {
  const auto num = static_cast<std::uint32_t>(mix(options_.seed ^ 0x6C6F6164, agent.number)) | 0x10000000U;
  mesh::FromRadio own_info;
  own_info.ParseFromString(pool_.own_info);
  own_info.mutable_my_info()->set_my_node_num(num);
  mesh::FromRadio own_node;
  own_node.ParseFromString(pool_.own_node);
  own_node.mutable_node_info()->set_num(num);
  own_node.mutable_node_info()->mutable_user()->set_id(mesh::format_node_id(num));
  own_node.mutable_node_info()->mutable_user()->set_long_name(agent.header.location().name());
  upload::AgentStatus status;
  status.set_link_state(upload::AgentStatus::LINK_STATE_READY);
  status.set_link("simulated");
  status.set_my_node_num(num);
  const std::array<std::string, 4> payloads = {own_info.SerializeAsString(), pool_.metadata,
                                               own_node.SerializeAsString(), status.SerializeAsString()};
  constexpr std::array kKinds = {upload::RECORD_KIND_OWN_INFO, upload::RECORD_KIND_METADATA,
                                 upload::RECORD_KIND_NODE_INFO, upload::RECORD_KIND_AGENT_STATUS};
  std::array<upload::RecordView, 4> records;
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i] = {.seq = i + 1, .arrival_us = to_micros(time_.wall()), .kind = kKinds[i], .payload = payloads[i]};
  }
  upload::UploadHeader header = agent.header;
  header.set_sent_us(to_micros(time_.wall()));
  return upload::encode_upload(header, records);
}

void Fleet::fill_header(Agent& agent, std::string& out) {
  agent.header.set_sent_us(to_micros(time_.wall()));
  auto& ledger = *agent.header.mutable_ledger();
  const std::uint64_t before = agent.uploads * options_.batch;
  ledger.set_captured(before + options_.batch);
  ledger.set_delivered(before);
  ledger.set_waiting(options_.batch);
  out.clear();
  upload::append_bytes_field(out, upload::UploadRequest::kHeaderFieldNumber, agent.header.SerializeAsString());
}

// Each agent has an equal part of it, or some would run ahead of the span.
bool Fleet::has_sent_backlog(const Agent& agent) const {
  return options_.span.count() > 0 && agent.uploads * options_.batch * agents_.size() >= options_.records;
}

void Fleet::set_body(const Agent& agent, UploadBody& body) const {
  const std::uint64_t sent = agent.uploads * options_.batch;
  const auto group_share = static_cast<std::uint32_t>((1ULL << 32U) / (agents_.size() / options_.receptions + 1));
  UploadBody::Stamp stamp{.first_seq = agent.next_seq, .receiver = agent.receiver};
  stamp.first_packet = static_cast<std::uint32_t>(run_seed_ + agent.group * group_share + sent);
  std::int64_t end_us = to_micros(time_.wall());
  std::int64_t period_us = static_cast<std::int64_t>(options_.batch);
  if (options_.span.count() > 0) {
    const double share = static_cast<double>(options_.batch * agents_.size()) / static_cast<double>(options_.records);
    period_us = static_cast<std::int64_t>(static_cast<double>(options_.span.count()) * share);
    const std::int64_t start_us = started_us_ - (options_.age + options_.span).count();
    end_us = std::min(end_us, start_us + static_cast<std::int64_t>(agent.uploads + 1) * period_us);
  } else if (options_.rate > 0) {
    // Since the agent's last upload.
    period_us = static_cast<std::int64_t>(1e6 * static_cast<double>(options_.batch * agents_.size()) / options_.rate);
  }
  stamp.arrival_us = end_us - period_us;
  stamp.arrival_step_us = period_us / static_cast<std::int64_t>(options_.batch);
  body.set(stamp);
}

bool Fleet::take_batch() {
  if (ending()) return false;
  if (options_.records != 0 && batches_taken_ * options_.batch >= options_.records) return false;
  ++batches_taken_;
  return true;
}

asio::awaitable<SteadyTime> Fleet::wait_for_turn() {
  if (options_.rate == 0) co_return time_.steady();
  const std::chrono::duration<double> interval(static_cast<double>(options_.batch) / options_.rate);
  const SteadyTime due = next_due_;
  next_due_ += std::chrono::duration_cast<std::chrono::steady_clock::duration>(interval);
  co_await pause_until(due);
  co_return due;
}

asio::awaitable<void> Fleet::pause_until(SteadyTime when) {
  while (!ending() && time_.steady() < when) co_await time_.sleep_until(std::min(when, time_.steady() + kLookEvery));
}

asio::awaitable<void> Fleet::send_loop(Connection& connection) {
  for (std::size_t turn = 0;; turn = (turn + 1) % connection.agents.size()) {
    Agent& agent = *connection.agents[turn];
    if (has_sent_backlog(agent) || !take_batch()) break;
    // An upload that had to wait for its connection counts from when it was due, not from when it could be sent.
    const SteadyTime due = co_await wait_for_turn();
    if (ending()) break;
    UploadBody& body = connection.bodies[(agent.group * 7 + agent.uploads) % connection.bodies.size()];
    set_body(agent, body);
    fill_header(agent, connection.header_field);
    std::string_view first = connection.header_field;
    std::string_view second = body.bytes();
    if (options_.zstd) {
      connection.plain.assign(first).append(second);
      connection.compressed = upload::zstd_compress(connection.plain, kZstdLevel);
      first = connection.compressed;
      second = {};
    }
    const std::uint64_t last_seq = agent.next_seq + options_.batch - 1;
    const bool delivered = co_await deliver(connection, agent, first, second, last_seq, true);
    if (!delivered) break;
    report_.latency.add(std::chrono::duration_cast<std::chrono::microseconds>(time_.steady() - due));
    report_.bytes += first.size() + second.size();
    agent.next_seq += options_.batch;
    ++agent.uploads;
  }
  connection.http.close();
}

asio::awaitable<bool> Fleet::deliver(Connection& connection, Agent& agent, std::string_view first,
                                     std::string_view second, std::uint64_t last_seq, bool counted) {
  connection.undelivered_since = time_.steady();
  for (unsigned attempt = 0; fatal_.empty() && (attempt == 0 || !stopping_); ++attempt) {
    connection.asked_at = time_.steady();
    const auto answer = co_await connection.http.post(first, second);
    connection.asked_at = {};
    std::chrono::seconds retry_after{0};
    if (answer) {
      answered_ = true;
      if (answer->status == 200) {
        note_answer(agent, *answer, last_seq, counted);
        connection.undelivered_since = {};
        co_return true;
      }
      note_problem(fmt::format("{}", answer->status), std::string(answer->body.substr(0, 300)));
      if (!worth_a_retry(answer->status)) {
        fatal_ = fmt::format("the server refused an upload of {} with status {}: {}", agent.header.agent_id(),
                             answer->status, answer->body.substr(0, 300));
        break;
      }
      retry_after = answer->retry_after;
    } else {
      note_problem(std::string(to_string(answer.error().kind)), answer.error().message);
    }
    co_await wait_before_retry(retry_after, attempt);
  }
  co_return false;
}

asio::awaitable<void> Fleet::wait_before_retry(std::chrono::seconds retry_after, unsigned attempt) {
  const std::chrono::milliseconds grown = 50ms * (1U << std::min(attempt, 6U));
  const std::chrono::milliseconds own = std::min<std::chrono::milliseconds>(grown, kRetryDelayMax);
  co_await pause_until(time_.steady() + std::max<std::chrono::milliseconds>(own, retry_after));
}

void Fleet::note_answer(Agent& agent, const PostAnswer& answer, std::uint64_t last_seq, bool counted) {
  upload::UploadResponse response;
  if (!response.ParseFromArray(answer.body.data(), static_cast<int>(answer.body.size()))) {
    fatal_ = fmt::format("the server's answer to {} is no UploadResponse", agent.header.agent_id());
    return;
  }
  if (!counted) return;
  report_.records += options_.batch;
  ++report_.uploads;
  report_.stored += response.stored();
  report_.duplicates += response.duplicates();
  report_.refused += static_cast<std::uint64_t>(response.refused_size());
  if (response.durable_seq() < last_seq) ++report_.not_durable;
}

void Fleet::note_problem(std::string what, std::string text) {
  ++report_.errors[std::move(what)];
  report_.last_problem = std::move(text);
}

// Bounds the waits: for one answer, and for a server that is gone.
asio::awaitable<void> Fleet::watch() {
  while (true) {
    co_await time_.sleep_for(1s);
    const SteadyTime now = time_.steady();
    const auto undelivered_max = answered_ ? kUndeliveredMax : kNoServerMax;
    for (const auto& connection : connections_) {
      const bool asked = connection->asked_at != SteadyTime{};
      if (asked && now - connection->asked_at > kAnswerTimeout) connection->http.close();
      const bool undelivered = connection->undelivered_since != SteadyTime{};
      if (!undelivered || now - connection->undelivered_since <= undelivered_max || !fatal_.empty()) continue;
      fatal_ = fmt::format("an upload has not been answered for {} s; last problem: {}", undelivered_max.count(),
                           report_.last_problem.empty() ? "none" : report_.last_problem);
    }
    if (fatal_.empty()) continue;
    for (const auto& connection : connections_) connection->http.close();
  }
}

}  // namespace mmm::sim
