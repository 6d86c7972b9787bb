#include "agent/agent.h"

#include "agent/buffer/open_buffer.h"
#include "agent/radio/make_transport.h"
#include "agent/report/report.h"
#include "agent/upload/legacy_carrier.h"
#include "agent/upload/native_carrier.h"
#include "core/log/log.h"

#include <random>
#include <utility>

namespace mmm::agent {

namespace asio = boost::asio;

namespace {

constexpr auto kMetricsInterval = std::chrono::seconds{5};
constexpr std::size_t kSetAsideTold = 5;

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

std::vector<std::string> names_of(const std::vector<Destination>& destinations) {
  std::vector<std::string> names;
  for (const Destination& destination : destinations) names.push_back(destination.name);
  return names;
}

}  // namespace

Result<std::unique_ptr<Agent>> Agent::open(const Config& config, asio::any_io_executor executor, TimeSource& time,
                                           metrics::Registry& registry, std::string version) {
  BufferOptions options{.path = config.buffer_path,
                        .max_bytes = config.buffer_bytes_max,
                        .servers = names_of(destinations_of(config.servers))};
  auto buffer = open_buffer(options);
  // With a full disk the agent runs all the same: it keeps the newest records in memory, counts what it loses, and goes
  // on by itself when there is room.
  if (!buffer && buffer.error().kind != ErrorKind::kDiskFull) return fail(buffer.error());
  if (!buffer) log::error("agent", "the disk is full, records wait in memory: {}", buffer.error().message);
  return std::unique_ptr<Agent>(new Agent(config, std::move(executor), time, registry, std::move(version),
                                          std::move(options), buffer ? std::move(*buffer) : nullptr));
}

Agent::Agent(const Config& config, asio::any_io_executor executor, TimeSource& time, metrics::Registry& registry,
             std::string version, BufferOptions buffer_options, std::unique_ptr<Buffer> buffer)
    : config_(config),
      executor_(std::move(executor)),
      time_(time),
      registry_(registry),
      version_(std::move(version)),
      started_(time.wall()),
      capture_(executor_),
      storage_(executor_) {
  BufferProbe probe(registry, buffer_options.servers);
  buffer_ = std::make_unique<BufferService>(executor_, pool_, time_, std::move(buffer_options), std::move(buffer),
                                            config_.commit_interval, std::move(probe));
  const auto& radio = config_.radios.front();
  transport_ = make_transport(radio, executor_, time_);
  link_ = std::make_unique<RadioLink>(*transport_, *buffer_, time_, LinkProbe::make(registry, radio.section),
                                      random_seed());
  if (config_.active.traceroutes || config_.active.set_time) {
    active_ = std::make_unique<ActiveWork>(config_.active, ActiveProbe::make(registry, radio.section), random_seed(),
                                           time_.steady());
    link_->admit(*active_);
  }
  status_ = std::make_unique<StatusWriter>(*link_, *buffer_, time_);
  link_->on_change([this] { status_->link_changed(); });
  destinations_ = destinations_of(config_.servers);
  for (std::size_t place = 0; place < destinations_.size(); ++place) add_uploader(place);
}

Agent::~Agent() {
  pool_.join();
}

void Agent::add_uploader(std::size_t place) {
  const Destination& destination = destinations_[place];
  std::vector<UploadServer> servers;
  for (const auto& server : destination.servers) {
    // An answer is some numbers and a few reasons; anything longer is not ours.
    http::ClientOptions options{
        .timeout = server.timeout, .response_bytes_max = 1 << 20, .trust = server.trust, .proxy = server.proxy};
    auto poster = std::make_unique<HttpPoster>(executor_, server.url, std::move(options));
    UploadPolicyOptions policy{.linger = server.report_interval, .failures_max = server.max_retries};
    std::unique_ptr<Carrier> carrier;
    if (server.protocol == UploadProtocol::kLegacy) {
      policy.records_max = LegacyCarrier::kRecordsMax;
      carrier = std::make_unique<LegacyCarrier>(std::move(poster), server.api_key, pool_, time_);
    } else {
      carrier = std::make_unique<NativeCarrier>(std::move(poster), server.api_key, pool_, time_);
    }
    servers.push_back({.name = server.name,
                       .carrier = std::move(carrier),
                       .policy = policy,
                       .probe = UploadProbe::make(registry_, server.name),
                       .log_every_failures = server.max_retries});
  }
  UploaderOptions options{.name = destination.name,
                          .destination = place,
                          .filter = destination.servers.front().filter,
                          .seed = random_seed()};
  uploaders_.push_back(std::make_unique<Uploader>(executor_, std::move(options), *buffer_, std::move(servers), time_,
                                                  [this] { return header(); }));
}

upload::UploadHeader Agent::header() const {
  upload::UploadHeader header;
  header.set_agent_id(config_.id);
  header.set_agent_version(version_);
  auto* location = header.mutable_location();
  location->set_name(config_.location_name);
  if (config_.latitude) location->set_latitude(*config_.latitude);
  if (config_.longitude) location->set_longitude(*config_.longitude);
  return header;
}

asio::awaitable<std::string> Agent::report() {
  Report report;
  report.agent_id = config_.id;
  report.version = version_;
  report.now = time_.wall();
  report.started = started_;
  report.link = link_->description();
  report.link_status = link_->status();
  report.last_packet = link_->last_packet();
  const BufferState state = buffer_->state();
  report.buffer_bytes = state.file_bytes;
  report.uncommitted = buffer_->pending();
  for (std::size_t place = 0; place < destinations_.size(); ++place) {
    DestinationReport destination{.name = destinations_[place].name,
                                  .ledger = state.servers[place].ledger,
                                  .oldest_waiting = buffer_->oldest_waiting(place),
                                  .servers = uploaders_[place]->health(),
                                  .set_aside = {}};
    destination.set_aside = co_await buffer_->newest_set_aside(place, kSetAsideTold);
    report.destinations.push_back(std::move(destination));
  }
  co_return to_json(report);
}

void Agent::start() {
  const auto& radio = config_.radios.front();
  log::info("agent/radio", "[{}] {}", radio.section, radio.choice);
  storage_.spawn("buffer", buffer_->run());
  if (config_.buffer_age_max.count() > 0) storage_.spawn("expire", buffer_->expire(config_.buffer_age_max));
  auto listening =
      ReportSocket::listen(report_socket_path(config_.buffer_path), executor_, time_, [this] { return report(); });
  if (listening) {
    report_socket_ = std::move(*listening);
  } else {
    log::warning("agent", "mmm-agent status will not work: {}", listening.error().message);
  }
  start_uploads();
  capture_.spawn("link", link_->run());
  capture_.spawn("status", status_->run());
}

void Agent::start_uploads() {
  for (const auto& server : config_.servers) log::info("agent", "{}", describe(server));
  uploads_ = std::make_unique<TaskGroup>(executor_);
  for (const auto& uploader : uploaders_) {
    uploads_->spawn("upload", uploader->run());
    uploads_->spawn("probes", uploader->run_probes());
  }
  uploads_->spawn("metrics", refresh_metrics());
  if (report_socket_) uploads_->spawn("report", report_socket_->run());
}

asio::awaitable<Result<>> Agent::reload(const Config& config) {
  std::vector<Destination> destinations = destinations_of(config.servers);
  uploads_->cancel();
  co_await uploads_->join();
  auto configured = co_await buffer_->configure(names_of(destinations));
  if (configured) {
    config_.servers = config.servers;
    config_.location_name = config.location_name;
    config_.latitude = config.latitude;
    config_.longitude = config.longitude;
    destinations_ = std::move(destinations);
    uploaders_.clear();
    for (std::size_t place = 0; place < destinations_.size(); ++place) add_uploader(place);
  }
  start_uploads();
  co_return configured;
}

asio::awaitable<void> Agent::refresh_metrics() {
  while (true) {
    co_await buffer_->refresh_metrics();
    co_await time_.sleep_for(kMetricsInterval);
  }
}

asio::awaitable<void> Agent::stop(SteadyTime deadline) {
  capture_.cancel();
  co_await capture_.join();
  uploads_->cancel();
  co_await uploads_->join();
  storage_.cancel();
  co_await storage_.join();
  if (!co_await buffer_->flush()) {
    log::error("agent", "{} records could not be kept", buffer_->pending());
  }
  // Side by side, so that a server that is away does not take the others' time.
  TaskGroup drain(executor_);
  for (const auto& uploader : uploaders_) drain.spawn("drain", uploader->drain(deadline));
  TaskGroup timer(executor_);
  auto cut = [](TimeSource& time, SteadyTime when, TaskGroup& group) -> asio::awaitable<void> {
    co_await time.sleep_until(when);
    group.cancel();
  };
  timer.spawn("deadline", cut(time_, deadline, drain));
  co_await drain.join();
  timer.cancel();
  co_await timer.join();
  co_await buffer_->close();
  const auto& servers = buffer_->state().servers;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    log::info("agent", "server {}: {} records delivered, {} wait in the buffer", destinations_[i].name,
              servers[i].ledger.delivered, servers[i].ledger.waiting());
  }
}

}  // namespace mmm::agent
