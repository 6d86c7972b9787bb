#include "ingest/reload.h"

#include "core/log/log.h"
#include "metrics/catalog_server.h"

#include <fmt/ranges.h>

#include <tuple>
#include <utility>

namespace mmm::ingest {
namespace {

constexpr const char* kComponent = "server";

}  // namespace

std::vector<std::string> needs_restart(const ServerConfig& running, const ServerConfig& next) {
  std::vector<std::string> names;
  const auto compare = [&names](const char* name, const auto& before, const auto& after) {
    if (before != after && (names.empty() || names.back() != name)) names.emplace_back(name);
  };
  compare("[server] host", running.host, next.host);
  compare("[server] port", running.port, next.port);
  compare("[server] site_name", running.site_name, next.site_name);
  compare("[server] threads", running.threads, next.threads);
  compare("[server] data_dir", running.data_dir, next.data_dir);
  compare("[server] free_space_min", running.free_space_min, next.free_space_min);
  compare("[server] index", running.index, next.index);
  compare("[server] tls_certificate (on or off)", running.tls.enabled(), next.tls.enabled());
  compare("[map]", running.map, next.map);
  compare("[privacy]", running.privacy, next.privacy);
  compare("[metrics]", std::tuple(running.metrics_enabled, running.metrics_bind, running.metrics_port),
          std::tuple(next.metrics_enabled, next.metrics_bind, next.metrics_port));
  compare("[json_tcp_log_NAME]", running.log.collectors, next.log.collectors);
  compare("[channels]", running.channels, next.channels);
  return names;
}

Reloader::Reloader(ServerConfig running, Load load, AccessControl& access, metrics::Registry& registry)
    : running_(std::move(running)),
      load_(std::move(load)),
      access_(access),
      applied_(registry.counter(metrics::server::kReloads, {{"outcome", "applied"}})),
      refused_(registry.counter(metrics::server::kReloads, {{"outcome", "refused"}})) {}

bool Reloader::reload() {
  const auto told = take_up();
  if (!told) {
    refused_.Increment();
    log::error(kComponent, "the configuration of before goes on, nothing was reloaded: {}", told.error().message);
    return false;
  }
  applied_.Increment();
  log::info(kComponent, "{}", *told);
  return true;
}

Result<std::string> Reloader::take_up() {
  auto loaded = load_();
  if (!loaded) return fail(std::move(loaded).error());
  for (const std::string& mistake : loaded->mistakes) log::error(kComponent, "{}", mistake);
  if (!loaded->mistakes.empty()) {
    return fail(ErrorKind::kInvalidArgument, "it has {} mistakes", loaded->mistakes.size());
  }
  auto told = access_.apply(loaded->config);
  if (!told) return told;
  log::set_level(loaded->config.log.options.level);
  const auto restart = needs_restart(running_, loaded->config);
  return fmt::format("reloaded: {}, log level{}{}", *told, restart.empty() ? "" : "; only a restart applies ",
                     fmt::join(restart, ", "));
}

}  // namespace mmm::ingest
