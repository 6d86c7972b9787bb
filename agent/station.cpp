#include "agent/station.h"

#include "agent/buffer/open_buffer.h"
#include "agent/radio/make_transport.h"
#include "agent/upload/legacy_carrier.h"
#include "agent/upload/native_carrier.h"
#include "core/log/log.h"
#include "metrics/process_collector.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

namespace mmm::agent {

namespace asio = boost::asio;

namespace {

constexpr auto kMetricsInterval = std::chrono::seconds{5};
constexpr std::size_t kSetAsideTold = 5;
// How often uploads tell what a Prometheus would read here.
constexpr auto kFiguresInterval = std::chrono::minutes{1};

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

Result<std::unique_ptr<Station>> Station::open(const Config& config, const RadioConfig& radio,
                                               const StationContext& context) {
  BufferOptions options{.path = radio.buffer_path,
                        .max_bytes = config.buffer_bytes_max,
                        .servers = names_of(destinations_of(config.servers))};
  auto buffer = open_buffer(options);
  // With a full disk the agent runs all the same: it keeps the newest records in memory, counts what it loses, and goes
  // on by itself when there is room.
  if (!buffer && buffer.error().kind != ErrorKind::kDiskFull) return fail(buffer.error());
  if (!buffer) log::error("agent", "the disk is full, records wait in memory: {}", buffer.error().message);
  return std::unique_ptr<Station>(
      new Station(config, radio, context, std::move(options), buffer ? std::move(*buffer) : nullptr));
}

Station::Station(const Config& config, const RadioConfig& radio, const StationContext& context,
                 BufferOptions buffer_options, std::unique_ptr<Buffer> buffer)
    : context_(context),
      radio_(radio),
      buffer_age_max_(config.buffer_age_max),
      log_prefix_(config.radios.size() > 1 ? fmt::format("[{}] ", radio.section) : std::string()),
      link_probe_(LinkProbe::make(context.registry, radio.section)),
      capture_(context.executor),
      storage_(context.executor) {
  auto& registry = context.registry;
  auto& time = context.time;
  BufferProbe probe(registry, radio.section, buffer_options.servers);
  buffer_ = std::make_unique<BufferService>(context.executor, pool_, time, std::move(buffer_options), std::move(buffer),
                                            config.commit_interval, std::move(probe));
  transport_ = make_transport(radio, context.executor, time);
  link_ = std::make_unique<RadioLink>(*transport_, *buffer_, time, link_probe_, random_seed());
  ActiveConfig active = config.active;
  active.set_time = radio.set_time;
  if (active.traceroutes || active.set_time) {
    active_ = std::make_unique<ActiveWork>(std::move(active), ActiveProbe::make(registry, radio.section), random_seed(),
                                           time.steady());
    link_->admit(*active_);
  }
  status_ = std::make_unique<StatusWriter>(*link_, *buffer_, time);
  link_->on_change([this] { status_->link_changed(); });
  destinations_ = destinations_of(config.servers);
  for (std::size_t place = 0; place < destinations_.size(); ++place) add_uploader(place);
}

Station::~Station() {
  pool_.join();
}

void Station::add_uploader(std::size_t place) {
  const Destination& destination = destinations_[place];
  std::vector<UploadServer> servers;
  for (const auto& server : destination.servers) {
    // An answer is some numbers and a few reasons; anything longer is not ours.
    http::ClientOptions options{
        .timeout = server.timeout, .response_bytes_max = 1 << 20, .trust = server.trust, .proxy = server.proxy};
    auto poster = std::make_unique<HttpPoster>(context_.executor, server.url, std::move(options));
    UploadPolicyOptions policy{.linger = server.report_interval, .failures_max = server.max_retries};
    std::unique_ptr<Carrier> carrier;
    if (server.protocol == UploadProtocol::kLegacy) {
      policy.records_max = LegacyCarrier::kRecordsMax;
      carrier = std::make_unique<LegacyCarrier>(std::move(poster), server.api_key, pool_, context_.time);
    } else {
      carrier = std::make_unique<NativeCarrier>(std::move(poster), server.api_key, pool_, context_.time);
    }
    servers.push_back({.name = server.name,
                       .carrier = std::move(carrier),
                       .policy = policy,
                       .probe = UploadProbe::make(context_.registry, radio_.section, server.name),
                       .log_every_failures = server.max_retries});
  }
  UploaderOptions options{.name = destination.name,
                          .log_prefix = log_prefix_,
                          .destination = place,
                          .filter = destination.servers.front().filter,
                          .seed = random_seed()};
  uploaders_.push_back(std::make_unique<Uploader>(context_.executor, std::move(options), *buffer_, std::move(servers),
                                                  context_.time, [this, place] { return header(place); }));
}

upload::UploadHeader Station::header(std::size_t place) {
  upload::UploadHeader header = context_.header;
  header.set_radio(radio_.section);
  const SteadyTime now = context_.time.steady();
  figures_due_.resize(destinations_.size());
  if (now >= figures_due_[place]) {
    figures_due_[place] = now + kFiguresInterval;
    *header.mutable_figures() = figures(place);
  }
  return header;
}

upload::AgentFigures Station::figures(std::size_t place) const {
  const auto whole = [](double value) { return static_cast<std::uint64_t>(std::max(value, 0.0)); };
  upload::AgentFigures figures;
  if (const auto usage = metrics::process_usage()) {
    figures.set_resident_bytes(whole(usage->resident_bytes));
    figures.set_cpu_us(whole(usage->cpu_seconds * 1e6));
  }
  figures.set_buffer_bytes(buffer_->state().file_bytes);
  if (const auto oldest = buffer_->oldest_waiting(place)) {
    const auto age = std::chrono::duration_cast<std::chrono::microseconds>(context_.time.wall() - *oldest);
    figures.set_oldest_age_us(static_cast<std::uint64_t>(std::max<std::int64_t>(age.count(), 0)));
  }
  figures.set_buffer_failures(buffer_->failures());
  figures.set_failed_opens(whole(link_probe_.open_failed->Value()));
  figures.set_garbage_bytes(whole(link_probe_.garbage_bytes->Value()));
  if (const double last_s = link_probe_.last_message->Value(); last_s > 0) {
    figures.set_last_message_us(static_cast<std::int64_t>(last_s * 1e6));
  }
  return figures;
}

asio::awaitable<RadioReport> Station::report() {
  RadioReport report;
  report.name = radio_.section;
  report.link = link_->description();
  report.link_status = link_->status();
  report.last_packet = link_->last_packet();
  const BufferState state = buffer_->state();
  report.buffer_bytes = state.file_bytes;
  report.uncommitted = buffer_->pending();
  report.buffer_failure = buffer_->failure();
  for (std::size_t place = 0; place < destinations_.size(); ++place) {
    DestinationReport destination{.name = destinations_[place].name,
                                  .ledger = state.servers[place].ledger,
                                  .oldest_waiting = buffer_->oldest_waiting(place),
                                  .servers = uploaders_[place]->health(),
                                  .set_aside = {}};
    destination.set_aside = co_await buffer_->newest_set_aside(place, kSetAsideTold);
    report.destinations.push_back(std::move(destination));
  }
  co_return report;
}

void Station::start() {
  log::info("agent/radio", "[{}] {}", radio_.section, radio_.choice);
  storage_.spawn("buffer", buffer_->run());
  if (buffer_age_max_.count() > 0) storage_.spawn("expire", buffer_->expire(buffer_age_max_));
  start_uploads();
  capture_.spawn("link", link_->run());
  capture_.spawn("status", status_->run());
}

void Station::start_uploads() {
  uploads_ = std::make_unique<TaskGroup>(context_.executor);
  for (const auto& uploader : uploaders_) {
    uploads_->spawn("upload", uploader->run());
    uploads_->spawn("probes", uploader->run_probes());
  }
  uploads_->spawn("metrics", refresh_metrics());
}

asio::awaitable<Result<>> Station::reload(const std::vector<ServerConfig>& servers) {
  std::vector<Destination> destinations = destinations_of(servers);
  uploads_->cancel();
  co_await uploads_->join();
  auto configured = co_await buffer_->configure(names_of(destinations));
  if (configured) {
    destinations_ = std::move(destinations);
    uploaders_.clear();
    for (std::size_t place = 0; place < destinations_.size(); ++place) add_uploader(place);
  }
  start_uploads();
  co_return configured;
}

asio::awaitable<void> Station::refresh_metrics() {
  while (true) {
    co_await buffer_->refresh_metrics();
    co_await context_.time.sleep_for(kMetricsInterval);
  }
}

asio::awaitable<void> Station::stop(SteadyTime deadline) {
  capture_.cancel();
  co_await capture_.join();
  uploads_->cancel();
  co_await uploads_->join();
  storage_.cancel();
  co_await storage_.join();
  if (!co_await buffer_->flush()) {
    log::error("agent", "{}{} records could not be kept", log_prefix_, buffer_->pending());
  }
  // Side by side, so that a server that is away does not take the others' time.
  TaskGroup drain(context_.executor);
  for (const auto& uploader : uploaders_) drain.spawn("drain", uploader->drain(deadline));
  TaskGroup timer(context_.executor);
  auto cut = [](TimeSource& time, SteadyTime when, TaskGroup& group) -> asio::awaitable<void> {
    co_await time.sleep_until(when);
    group.cancel();
  };
  timer.spawn("deadline", cut(context_.time, deadline, drain));
  co_await drain.join();
  timer.cancel();
  co_await timer.join();
  co_await buffer_->close();
  const auto& servers = buffer_->state().servers;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    log::info("agent", "{}server {}: {} records delivered, {} wait in the buffer", log_prefix_, destinations_[i].name,
              servers[i].ledger.delivered, servers[i].ledger.waiting());
  }
}

}  // namespace mmm::agent
