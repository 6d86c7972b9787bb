#include "agent/agent.h"

#include "agent/buffer/open_buffer.h"
#include "agent/radio/serial_transport.h"
#include "agent/radio/tcp_transport.h"
#include "core/log/log.h"

#include <random>
#include <utility>

namespace mmm::agent {

namespace asio = boost::asio;

namespace {

constexpr auto kMetricsInterval = std::chrono::seconds{5};

std::unique_ptr<Transport> make_transport(const RadioConfig& radio, const asio::any_io_executor& executor,
                                          TimeSource& time) {
  if (radio.kind == RadioConfig::Kind::kTcp) {
    return std::make_unique<TcpTransport>(executor, time, radio.host, radio.port);
  }
  return std::make_unique<SerialTransport>(executor, time, radio.device);
}

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

}  // namespace

Result<std::unique_ptr<Agent>> Agent::open(const Config& config, asio::any_io_executor executor, TimeSource& time,
                                           metrics::Registry& registry, std::string version) {
  BufferOptions options{.path = config.buffer_path, .max_bytes = config.buffer_bytes_max, .servers = {}};
  for (const auto& server : config.servers) options.servers.push_back(server.name);
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
      version_(std::move(version)),
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
  for (std::size_t place = 0; place < config_.servers.size(); ++place) add_uploader(place, registry);
}

Agent::~Agent() {
  pool_.join();
}

void Agent::add_uploader(std::size_t place, metrics::Registry& registry) {
  const auto& server = config_.servers[place];
  UploaderOptions options{.name = server.name,
                          .server = place,
                          .api_key = server.api_key,
                          .filter = server.filter,
                          .policy = {.linger = server.report_interval},
                          .seed = random_seed(),
                          .log_every_failures = server.max_retries};
  uploaders_.push_back(std::make_unique<Uploader>(
      std::move(options), *buffer_, std::make_unique<HttpPoster>(executor_, server.url, server.timeout), pool_, time_,
      UploadProbe::make(registry, server.name), [this] { return header(); }));
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

void Agent::start() {
  storage_.spawn("buffer", buffer_->run());
  for (const auto& uploader : uploaders_) storage_.spawn("upload", uploader->run());
  storage_.spawn("metrics", refresh_metrics());
  capture_.spawn("link", link_->run());
  capture_.spawn("status", status_->run());
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
    log::info("agent", "server {}: {} records delivered, {} wait in the buffer", config_.servers[i].name,
              servers[i].ledger.delivered, servers[i].ledger.waiting());
  }
}

}  // namespace mmm::agent
