#include "agent/agent.h"
#include "agent/config.h"
#include "agent/healthcheck.h"
#include "agent/report/report.h"
#include "agent/sample_config.h"
#include "core/async/service_manager.h"
#include "core/async/shutdown_watchdog.h"
#include "core/async/stop_signals.h"
#include "core/base/version.h"
#include "core/config/create_config.h"
#include "core/log_shipping/shipper.h"
#include "metrics/endpoint.h"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <malloc.h>

#include <cstdio>
#include <functional>
#include <optional>

namespace mmm::agent {
namespace {

namespace asio = boost::asio;

// The rest of limits::kShutdownMax is for the last requests and the buffer's end.
constexpr auto kDrainMax = std::chrono::seconds{5};

struct Arguments {
  std::string config;
  std::string log_level;
  std::string log_file;
  bool check_only = false;
  bool status = false;
  bool health = false;
  bool ready = false;
  bool create = false;
  bool json = false;
};

// Reads the configuration again; empty: it has mistakes, which were said.
using LoadConfig = std::function<std::optional<Config>()>;

std::optional<Config> load_for_reload(const Arguments& arguments) {
  std::vector<std::string> mistakes;
  Config config = load_config(arguments.config, config::process_environment(), mistakes);
  for (const auto& mistake : mistakes) log::error("agent", "{}", mistake);
  if (!mistakes.empty()) return std::nullopt;
  if (!arguments.log_level.empty()) config.log.options.level = *log::parse_level(arguments.log_level);
  return config;
}

asio::awaitable<void> reload(Agent& agent, const LoadConfig& load) {
  const auto config = load();
  if (!config) {
    log::error("agent", "the configuration of before goes on, nothing was reloaded");
    co_return;
  }
  for (const auto& remark : config->remarks) log::warning("agent", "{}", remark);
  log::set_level(config->log.options.level);
  const auto reloaded = co_await agent.reload(*config);
  if (reloaded) {
    log::info("agent", "reloaded: {} server(s), the agent's place, log level; a restart applies the rest",
              config->servers.size());
  } else {
    log::error("agent", "the servers of before go on: {}", reloaded.error().message);
  }
}

// Ends when everything has stopped; then the context has nothing left to do.
asio::awaitable<void> stop_on_signal(asio::any_io_executor executor, Agent& agent, TimeSource& time,
                                     ServiceManager& service, TaskGroup& watchdog, LoadConfig load) {
  StopSignals signals(executor);
  while (co_await signals.next() == StopSignal::kReload) {
    service.reloading(time);
    co_await reload(agent, load);
    service.ready("recording");
  }
  log::info("agent", "stopping");
  service.stopping();
  const ShutdownWatchdog limit;
  watchdog.cancel();
  co_await watchdog.join();
  co_await agent.stop(time.steady() + kDrainMax);
}

std::unique_ptr<metrics::Endpoint> open_metrics(const Config& config, const metrics::Registry& registry, bool& failed) {
  if (!config.metrics_enabled) return nullptr;
  std::string error;
  auto endpoint = metrics::Endpoint::open(config.metrics_bind, config.metrics_port, registry, error);
  if (endpoint) {
    log::info("agent", "metrics on http://{}:{}/metrics", config.metrics_bind, endpoint->port());
  } else if (config.metrics_port_is_default) {
    log::warning("agent", "{}; going on without metrics", error);
  } else {
    log::critical("agent", "{}", error);
    failed = true;
  }
  return endpoint;
}

int run(const Config& config, LoadConfig load) {
  for (const auto& remark : config.remarks) log::warning("agent", "{}", remark);
  metrics::Registry registry;
  const auto shippers = log::ship(config.log.collectors, "mmm-agent", registry);
  registry.set_build_info("mmm-agent", std::string(version()), std::string(commit()));
  asio::io_context context(1);
  RealTime time;
  auto agent = Agent::open(config, context.get_executor(), time, registry, std::string(version()));
  if (!agent) {
    log::critical("agent", "{}", agent.error().message);
    return 1;
  }
  bool failed = false;
  const auto endpoint = open_metrics(config, registry, failed);
  if (failed) return 1;
  log::info("agent", "{} starts as {}", version_line("mmm-agent"), config.id);
  (*agent)->start();
  ServiceManager service;
  service.ready("recording");
  TaskGroup watchdog(context.get_executor());
  watchdog.spawn("watchdog", service.keep_alive(time, [] { return true; }));
  TaskGroup root(context.get_executor());
  root.spawn("stop", stop_on_signal(context.get_executor(), **agent, time, service, watchdog, std::move(load)));
  context.run();
  log::info("agent", "stopped");
  return 0;
}

int show_status(const Config& config, bool as_json) {
  auto shown = ask_report(report_socket_path(config.buffer_path));
  if (shown && !as_json) shown = to_text(*shown);
  if (!shown) {
    std::fprintf(stderr, "mmm-agent: %s\n", shown.error().message.c_str());
    return 1;
  }
  std::printf("%s%s", shown->c_str(), as_json ? "\n" : "");
  return 0;
}

int create(const std::string& config) {
  const std::string path = config.empty() ? kDefaultConfigFile : config;
  if (auto made = config::create_config(path, kSampleConfig); !made) {
    std::fprintf(stderr, "mmm-agent: %s\n", made.error().message.c_str());
    return 1;
  }
  std::printf("%s is made: put the server's url and api_key in, then try mmm-agent check-config --config %s\n",
              path.c_str(), path.c_str());
  return 0;
}

int start(const Arguments& arguments) {
  if (arguments.create) return create(arguments.config);
  std::vector<std::string> mistakes;
  Config config = load_config(arguments.config, config::process_environment(), mistakes);
  for (const auto& mistake : mistakes) std::fprintf(stderr, "%s\n", mistake.c_str());
  if (!mistakes.empty()) return 1;
  if (!arguments.log_level.empty()) config.log.options.level = *log::parse_level(arguments.log_level);
  if (!arguments.log_file.empty()) config.log.options.file = arguments.log_file;
  if (arguments.check_only) {
    for (const auto& remark : config.remarks) std::printf("%s\n", remark.c_str());
    for (const auto& server : config.servers) std::printf("%s\n", describe(server).c_str());
    std::printf("the configuration is good: agent %s, %zu server(s)\n", config.id.c_str(), config.servers.size());
    return 0;
  }
  if (arguments.status) return show_status(config, arguments.json);
  if (arguments.health) return run_healthcheck(config, arguments.ready);
  if (auto started = log::start(config.log.options); !started) {
    log::critical("agent", "{}", started.error().message);
    return 1;
  }
  return run(config, [arguments] { return load_for_reload(arguments); });
}

}  // namespace
}  // namespace mmm::agent

int main(int argc, char** argv) {
  mmm::ignore_sigpipe();
  // One arena: the threads beside the main one allocate little, and each arena would cost memory for good.
  ::mallopt(M_ARENA_MAX, 1);
  mmm::agent::Arguments arguments;
  CLI::App app("Records what a Meshtastic radio hears and uploads it to one or more servers");
  app.set_version_flag("--version", mmm::version_line("mmm-agent"));
  app.add_option("-c,--config", arguments.config,
                 "Configuration file (default: multi_agent_config.ini, or the environment alone without one)");
  app.add_flag("--create-config", arguments.create, "Writes a commented sample to the configuration file, and ends");
  app.add_option("--log-level", arguments.log_level, "debug, info, warning, error or critical")
      ->check([](const std::string& text) {
        return mmm::log::parse_level(text) ? std::string() : "debug, info, warning, error and critical are allowed";
      });
  app.add_option("--log-file", arguments.log_file, "A file for the log, beside standard error; wins over [log] file");
  auto* check = app.add_subcommand("check-config", "Says everything that is wrong with the configuration, and ends");
  check->add_option("-c,--config", arguments.config, "Configuration file");
  auto* status =
      app.add_subcommand("status", "Tells how the running agent is: link, radio, buffer, servers")->fallthrough();
  status->add_flag("--json", arguments.json, "As one JSON object");
  auto* health =
      app.add_subcommand("healthcheck", "Says how the running agent is; ends with 0 when it is alive")->fallthrough();
  health->add_flag("--ready", arguments.ready, "Ends with 0 only when every radio is connected, too");
  app.add_subcommand("run", "Runs the agent (the default)")->fallthrough();
  app.require_subcommand(0, 1);
  app.fallthrough();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    constexpr int kUsageError = 2;
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  arguments.check_only = check->parsed();
  arguments.status = status->parsed();
  arguments.health = health->parsed();
  return mmm::agent::start(arguments);
}
