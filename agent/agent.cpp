#include "agent/agent.h"

#include "agent/report/report.h"
#include "core/log/log.h"

#include <utility>

namespace mmm::agent {

namespace asio = boost::asio;

namespace {

upload::UploadHeader header_of(const Config& config, std::string version) {
  upload::UploadHeader header;
  header.set_agent_id(config.id);
  header.set_agent_version(std::move(version));
  auto* location = header.mutable_location();
  location->set_name(config.location_name);
  if (config.latitude) location->set_latitude(*config.latitude);
  if (config.longitude) location->set_longitude(*config.longitude);
  for (const RadioConfig& radio : config.radios) header.add_radios(radio.section);
  return header;
}

void say_servers(const Config& config) {
  for (const auto& server : config.servers) log::info("agent", "{}", describe(server));
}

}  // namespace

Result<std::unique_ptr<Agent>> Agent::open(const Config& config, asio::any_io_executor executor, TimeSource& time,
                                           metrics::Registry& registry, std::string version) {
  std::unique_ptr<Agent> agent(new Agent(config, std::move(executor), time, registry, std::move(version)));
  for (const RadioConfig& radio : config.radios) {
    auto station = Station::open(config, radio, agent->context_);
    if (!station) return fail(station.error());
    agent->stations_.push_back(std::move(*station));
  }
  return agent;
}

Agent::Agent(const Config& config, asio::any_io_executor executor, TimeSource& time, metrics::Registry& registry,
             std::string version)
    : config_(config),
      context_{.executor = std::move(executor),
               .time = time,
               .registry = registry,
               .header = header_of(config, std::move(version))},
      started_(time.wall()) {}

asio::awaitable<std::string> Agent::report() {
  Report report;
  report.agent_id = config_.id;
  report.version = context_.header.agent_version();
  report.now = context_.time.wall();
  report.started = started_;
  for (const auto& station : stations_) report.radios.push_back(co_await station->report());
  co_return to_json(report);
}

void Agent::start() {
  auto listening = ReportSocket::listen(report_socket_path(config_.buffer_path), context_.executor, context_.time,
                                        [this] { return report(); });
  if (listening) {
    report_socket_ = std::move(*listening);
  } else {
    log::warning("agent", "mmm-agent status will not work: {}", listening.error().message);
  }
  say_servers(config_);
  for (const auto& station : stations_) station->start();
  start_report();
}

void Agent::start_report() {
  reporting_ = std::make_unique<TaskGroup>(context_.executor);
  if (report_socket_) reporting_->spawn("report", report_socket_->run());
}

asio::awaitable<void> Agent::stop_report() {
  reporting_->cancel();
  co_await reporting_->join();
}

asio::awaitable<Result<>> Agent::reload(const Config& config) {
  co_await stop_report();
  config_.servers = config.servers;
  config_.location_name = config.location_name;
  config_.latitude = config.latitude;
  config_.longitude = config.longitude;
  context_.header = header_of(config_, context_.header.agent_version());
  say_servers(config_);
  Result<> reloaded;
  for (const auto& station : stations_) {
    auto done = co_await station->reload(config.servers);
    if (!done) reloaded = std::move(done);
  }
  start_report();
  co_return reloaded;
}

asio::awaitable<void> Agent::stop(SteadyTime deadline) {
  co_await stop_report();
  TaskGroup stopping(context_.executor);
  for (const auto& station : stations_) stopping.spawn("stop", station->stop(deadline));
  co_await stopping.join();
}

}  // namespace mmm::agent
