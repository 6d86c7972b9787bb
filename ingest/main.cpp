// mmm-server: takes what agents upload, keeps it, and shows it. This file puts the parts together, and is the only one
// that sees both the write path (ingest) and the read path (dashboard).

#include "core/async/delayed_time.h"
#include "core/async/service_manager.h"
#include "core/async/shutdown_watchdog.h"
#include "core/async/stop_signals.h"
#include "core/async/task_group.h"
#include "core/base/limits.h"
#include "core/base/version.h"
#include "core/http/server.h"
#include "core/log/log.h"
#include "core/log_shipping/shipper.h"
#include "core/store/applied_feed.h"
#include "core/store/free_space.h"
#include "core/store/log_writer.h"
#include "core/store/packet_log.h"
#include "dashboard/dashboard.h"
#include "dashboard/fleet_metrics.h"
#include "dashboard/web_routes.h"
#include "ingest/access/access_control.h"
#include "ingest/care/backup.h"
#include "ingest/care/log_picture.h"
#include "ingest/care_commands.h"
#include "ingest/command_line.h"
#include "ingest/commands.h"
#include "ingest/config.h"
#include "ingest/connection_limit.h"
#include "ingest/control/control.h"
#include "ingest/data_dir.h"
#include "ingest/health.h"
#include "ingest/healthcheck.h"
#include "ingest/http_probe.h"
#include "ingest/keyring.h"
#include "ingest/keys_command.h"
#include "ingest/listen_address.h"
#include "ingest/log_gauges.h"
#include "ingest/log_retention.h"
#include "ingest/project.h"
#include "ingest/python/python_receiver.h"
#include "ingest/receive.h"
#include "ingest/reload.h"
#include "metrics/endpoint.h"
#include "metrics/registry.h"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <google/protobuf/stubs/logging.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace mmm {
namespace {

namespace asio = boost::asio;

constexpr const char* kComponent = "server";
// Of the time to stop: what requests in flight get to finish; the rest is for the log, the index and the pools.
constexpr std::chrono::milliseconds kHttpGrace{4000};

// The running server. Members stand in the order in which they are made; stop() and destruction go the other way.
class Program {
 public:
  // `load` reads the configuration again.
  Program(ingest::ServerConfig config, ingest::Reloader::Load load)
      : config_(std::move(config)),
        access_(config_, time_, registry_),
        reloader_(config_, std::move(load), access_, registry_) {}

  // Everything that can fail at the start. The error is one line for a person.
  Result<> open();
  // Serves until a signal or a failure; returns the exit status.
  int run();

 private:
  Result<> open_log();
  Result<> open_index();
  void open_control();
  Result<> open_http();
  void say_hello() const;
  void on_failure(const Error& error);
  asio::awaitable<void> wait_for_signal();
  void end_tasks(TaskGroup& tasks);
  void stop();

  ingest::ServerConfig config_;
  RealTime time_;
  DelayedTime shown_time_{time_, config_.privacy.delay};  // what readers take for now
  metrics::Registry registry_;
  std::vector<std::unique_ptr<log::Shipper>> shippers_;
  ingest::AccessControl access_;
  ingest::Reloader reloader_;
  // The main thread's: signals, and gauges that are measured now and then.
  asio::io_context context_{1};
  StopSignals signals_{context_.get_executor()};
  ServiceManager service_;
  std::atomic<bool> failed_ = false;

  std::unique_ptr<store::PacketLog> log_;
  std::unique_ptr<store::LogWriter> writer_;
  std::unique_ptr<ingest::LogGauges> gauges_;
  std::unique_ptr<ingest::LogRetention> log_retention_;
  std::unique_ptr<ingest::Receiver> receiver_;
  std::unique_ptr<ingest::python::PythonReceiver> python_receiver_;
  store::AppliedFeed feed_;
  std::unique_ptr<ingest::Projector> projector_;
  std::unique_ptr<dashboard::Dashboard> dashboard_;
  std::unique_ptr<metrics::Endpoint> endpoint_;
  http::Router router_;
  std::unique_ptr<ingest::Control> control_;
  std::unique_ptr<http::Server> server_;
};

Result<> Program::open() {
  shippers_ = log::ship(config_.log.collectors, "mmm-server", registry_);
  if (auto made = ingest::make_data_dir(config_.data_dir); !made) return made;
  if (auto whole = ingest::check_restored(config_); !whole) return whole;
  if (auto opened = access_.open(); !opened) return opened;
  if (auto opened = open_log(); !opened) return opened;
  if (config_.index) {
    if (auto opened = open_index(); !opened) return opened;
  }
  return open_http();
}

Result<> Program::open_log() {
  store::PacketLogOptions options;
  options.registry = &registry_;
  auto log = store::PacketLog::open(config_.log_path(), options);
  if (!log) return fail(std::move(log).error());
  log_ = std::move(*log);
  store::LogWriterOptions writer_options;
  writer_options.free_bytes_min = config_.free_space_min;
  writer_options.free_bytes = [path = config_.log_path()] { return store::free_bytes(path); };
  writer_options.on_failure = [this](const Error& error) { on_failure(error); };
  writer_ = std::make_unique<store::LogWriter>(*log_, time_, registry_, std::move(writer_options));
  gauges_ = std::make_unique<ingest::LogGauges>(*log_, config_.log_path(), registry_);
  if (config_.retention.log) {
    log_retention_ = std::make_unique<ingest::LogRetention>(
        *log_, time_, *config_.retention.log,
        [this] { return projector_ ? projector_->log_may_go() : log_->last_durable(); }, registry_);
  }
  receiver_ =
      std::make_unique<ingest::Receiver>(*writer_, access_.uploads(), time_, registry_, config_.metrics_agents_max);
  receiver_->add_routes(router_);
  python_receiver_ = std::make_unique<ingest::python::PythonReceiver>(*writer_, access_.uploads(), time_, registry_);
  return python_receiver_->recall(*log_);
}

Result<> Program::open_index() {
  auto projection_keys = ingest::make_keyring(config_);
  if (!projection_keys) return fail(std::move(projection_keys).error());
  auto dashboard_keys = ingest::make_keyring(config_);
  if (!dashboard_keys) return fail(std::move(dashboard_keys).error());

  ingest::ProjectorOptions projector_options;
  projector_options.index_path = config_.index_path();
  projector_options.projection = config_.projection;
  projector_options.delay = config_.privacy.delay;
  projector_options.retention = config_.retention.index;
  projector_options.retention_clock = [clock = SettledClock(time_, limits::kRetentionSettle)]() mutable {
    return clock.now();
  };
  projector_options.on_failure = [this](const Error& error) { on_failure(error); };
  auto projector = ingest::Projector::start(*log_, std::move(*projection_keys), feed_, registry_, projector_options);
  if (!projector) return fail(std::move(projector).error());
  projector_ = std::move(*projector);
  writer_->on_durable([this](store::LogId last) { projector_->notify(last); });

  dashboard::DashboardOptions dashboard_options;
  dashboard_options.index_path = config_.index_path();
  dashboard_options.storage = config_.storage_options();
  dashboard_options.site_name = config_.site_name;
  dashboard_options.cors_origins = config_.cors_origins;
  dashboard_options.map = {.latitude = config_.map.center_latitude,
                           .longitude = config_.map.center_longitude,
                           .zoom = config_.map.zoom_level,
                           .force = config_.map.force_center};
  dashboard_options.tiles = {
      .url = config_.map.tile_url, .attribution = config_.map.attribution, .path = config_.map.pmtiles, .file = {}};
  dashboard_options.metrics = {.agents_max = config_.metrics_agents_max, .nodes_max = config_.metrics_nodes_max};
  dashboard_options.privacy = config_.privacy.kept_back;
  dashboard_options.delay = config_.privacy.delay;
  dashboard_options.lag = [this] {
    const ingest::ProjectionState state = projector_->state();
    return dashboard::ProjectionLag{state.lag_records, state.lag_seconds};
  };
  auto dashboard = dashboard::Dashboard::start(*log_, std::move(*dashboard_keys), feed_, registry_, shown_time_,
                                               std::move(dashboard_options));
  if (!dashboard) return fail(std::move(dashboard).error());
  dashboard_ = std::move(*dashboard);
  dashboard_->add_api_routes(router_);
  dashboard::add_web_routes(router_, config_.map.tile_origin());
  return {};
}

void Program::open_control() {
  ingest::ControlActions actions;
  actions.picture_log = [this] { return ingest::LogPicture::make(*log_, config_.log_picture_path()); };
  if (projector_) {
    actions.reindex = [this](bool drop_older) { return projector_->rebuild(drop_older); };
    actions.reindex_state = [this] { return projector_->rebuild_state(); };
  }
  control_ = std::make_unique<ingest::Control>(std::move(actions));
  control_->add_routes(router_);
}

Result<> Program::open_http() {
  open_control();
  ingest::HealthChecks checks;
  checks.alive = [this] { return writer_->trouble(); };
  checks.ready = [this, alive = checks.alive]() -> std::string {
    if (std::string reason = alive(); !reason.empty() || !projector_) return reason;
    const ingest::ProjectionState state = projector_->state();
    if (!state.failure.empty()) return state.failure;
    return state.caught_up ? "" : "the index is still catching up with the packet log";
  };
  python_receiver_->add_routes(router_, checks.alive);
  ingest::add_health_routes(router_, std::move(checks));
  access_.add_to(router_);

  if (config_.metrics_enabled) {
    registry_.set_build_info("mmm-server", std::string(version()), std::string(commit()));
    std::string error;
    endpoint_ =
        metrics::Endpoint::open(ingest::listen_address(config_.metrics_bind), config_.metrics_port, registry_, error);
    if (!endpoint_ && !config_.metrics_port_is_default) return fail(ErrorKind::kIo, "{}", error);
    if (!endpoint_) log::warning(kComponent, "{}; going on without metrics", error);
    if (endpoint_) endpoint_->add(receiver_->carried_metrics());
    if (endpoint_ && dashboard_) endpoint_->add(dashboard_->fleet_metrics());
  }
  http::ServerOptions options;
  options.connections_max = ingest::connections_max();
  options.address = ingest::listen_address(config_.host);
  options.port = config_.port;
  options.threads = config_.threads;
  access_.prepare(options);
  auto server = http::Server::listen(options, router_, ingest::make_http_observer(registry_));
  if (!server) return fail(server.error().with("[server] host and port"));
  server_ = std::move(*server);
  return control_->announce(config_.control_path(), ingest::reachable_address(config_.host), server_->port());
}

void Program::say_hello() const {
  const std::string address = ingest::reachable_address(config_.host);
  const char* scheme = config_.tls.enabled() ? "https" : "http";
  log::info(kComponent, "{} serves {}://{}:{}/, data in {}", version_line("mmm-server"), scheme, address,
            server_->port(), config_.data_dir.string());
  if (endpoint_) log::info(kComponent, "metrics on http://{}:{}/metrics", config_.metrics_bind, endpoint_->port());
  if (access_.key_made()) {
    log::info(
        kComponent,
        "no keys are configured: agents upload with the one in {}. Next: give an agent 'url = {}://ADDRESS:{}' and "
        "that key as its api_key, or a key of its own (mmm-server keys add AGENT)",
        config_.key_path().string(), scheme, server_->port());
  }
}

int Program::run() {
  writer_->start();
  server_->start();
  say_hello();
  service_.ready("serving");
  TaskGroup tasks(context_.get_executor());
  tasks.spawn("watchdog", service_.keep_alive(time_, [this] { return !writer_->failed(); }));
  tasks.spawn("signals", wait_for_signal());
  tasks.spawn("log gauges", gauges_->keep_measuring(time_));
  if (log_retention_) tasks.spawn("log retention", log_retention_->keep_trimming(time_));
  tasks.spawn("keys", access_.watch_keys(time_));
  context_.run();
  end_tasks(tasks);
  stop();
  return failed_ ? 1 : 0;
}

asio::awaitable<void> Program::wait_for_signal() {
  while (co_await signals_.next() == StopSignal::kReload) {
    service_.reloading(time_);
    service_.ready(reloader_.reload() ? "serving" : "serving; the configuration has mistakes, see the log");
  }
  log::info(kComponent, "stopping");
  service_.stopping();
  context_.stop();
}

// What still waits on the main thread is woken to end.
void Program::end_tasks(TaskGroup& tasks) {
  tasks.cancel();
  context_.restart();
  context_.run();
}

// On the thread of what failed: the log's writer or the projector.
void Program::on_failure(const Error& error) {
  log::critical(kComponent, "stopping, so that a supervisor can start the server anew: {}", error.message);
  failed_ = true;
  asio::post(context_, [this] { context_.stop(); });
}

// From the outside inwards, so that each part can finish what it has taken from the one before.
void Program::stop() {
  const ShutdownWatchdog watchdog;
  if (dashboard_) dashboard_->end_streams();
  server_->stop(kHttpGrace);
  control_->stop();
  writer_->stop();
  if (projector_) projector_->stop();
  if (dashboard_) dashboard_->stop();
  server_.reset();
  control_.reset();
  endpoint_.reset();
  dashboard_.reset();
  projector_.reset();
  python_receiver_.reset();
  receiver_.reset();
  log_retention_.reset();
  gauges_.reset();
  writer_.reset();
  log_.reset();
  log::info(kComponent, "stopped");
}

int serve(ingest::ServerConfig config, ingest::Reloader::Load load) {
  Program program(std::move(config), std::move(load));
  if (auto opened = program.open(); !opened) {
    fmt::print(stderr, "mmm-server: {}\n", opened.error().message);
    return 1;
  }
  return program.run();
}

// The exit status for a command line that is not understood, as other programs have it.
constexpr int kUsageError = 2;

int run_program(int argc, char** argv) {
  ignore_sigpipe();
  CLI::App app("Keeps and shows what the agents of a Meshtastic mesh upload.");
  ingest::CommandLine line;
  app.set_version_flag("--version", version_line("mmm-server"));
  app.add_option("--config", line.config, "Configuration file (default: server_config.ini when there is one)");
  app.add_flag("--create-config", line.create_config, "Write a commented sample to the configuration file, and end");
  app.add_option("--log-file", line.log_file, "A file for the log, beside standard error; wins over [log] file");
  app.add_option("--log-level", line.log_level, "debug, info, warning, error or critical; wins over [log] level")
      ->check(CLI::Validator(
          [](const std::string& text) { return log::parse_level(text) ? "" : "not a level: " + text; }, "LEVEL"));
  const auto* run = app.add_subcommand("run", "Serve (what happens without a subcommand)")->fallthrough();
  const auto* check = app.add_subcommand("check-config", "Say what is wrong with the configuration")->fallthrough();
  auto* health = app.add_subcommand("healthcheck", "Say how the running server is; exit with 0 when it is alive");
  health->fallthrough();
  bool ready = false;
  health->add_flag("--ready", ready, "Exit with 0 only when its index has caught up, too");
  auto* dump = app.add_subcommand("export", "Write the packet log to standard output, a JSON object a line");
  dump->fallthrough();
  dump->add_option("--from", line.from, "First record's id: microseconds since 1970");
  dump->add_option("--to", line.to, "Last record's id");
  const ingest::KeysCommand keys(app);
  auto* import_old = app.add_subcommand("import", "Take over the database of the Python version")->fallthrough();
  import_old->add_option("FILE", line.import_from, "Its SQLite database; only read")->required();
  const ingest::CareCommands care(app);
  app.require_subcommand(0, 1);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  }

  if (line.create_config) return ingest::run_create_config(line);
  auto config = ingest::load_or_complain(line);
  if (!config) return 1;
  // The file is the running server's alone.
  if (!app.get_subcommands().empty() && !run->parsed()) config->log.options.file.clear();
  if (auto started = log::start(config->log.options); !started) {
    log::critical(kComponent, "{}", started.error().message);
    return 1;
  }
  // What strangers send must not fill the log with protobuf's own remarks; our answers say what is wrong.
  google::protobuf::SetLogHandler(nullptr);
  if (check->parsed()) {
    fmt::print("the configuration is good\n");
    return 0;
  }
  if (health->parsed()) return ingest::run_healthcheck(*config, ready);
  if (const auto status = care.run(*config)) return *status;
  if (import_old->parsed()) return ingest::run_import(*config, line.import_from);
  if (dump->parsed()) return ingest::run_export(*config, line.from, line.to);
  if (keys.parsed()) return keys.run(*config);
  return serve(std::move(*config), [line] { return ingest::load_config(line); });
}

}  // namespace
}  // namespace mmm

int main(int argc, char** argv) {
  return mmm::run_program(argc, argv);
}
