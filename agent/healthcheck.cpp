#include "agent/healthcheck.h"

#include "agent/report/health.h"
#include "agent/report/report_socket.h"
#include "core/base/lock_owner.h"

#include <fmt/format.h>

#include <cstdio>

namespace mmm::agent {
namespace {

Health ask(const Config& config) {
  const auto report = ask_report(report_socket_path(config.buffer_path));
  if (report) {
    auto health = health_of(*report);
    if (health) return std::move(*health);
    return {.alive = false, .ready = false, .words = "sick: " + health.error().message};
  }
  if (report.error().kind != ErrorKind::kNotFound) {
    return {.alive = false, .ready = false, .words = "sick: " + report.error().message};
  }
  if (const auto owner = lock_owner(config.buffer_path)) {
    return {.alive = false,
            .ready = false,
            .words = fmt::format("starting or ending: process {} has the buffer {} and answers nobody", *owner,
                                 config.buffer_path.string())};
  }
  return {.alive = false, .ready = false, .words = report.error().message};
}

}  // namespace

int run_healthcheck(const Config& config, bool ready) {
  const Health health = ask(config);
  std::printf("%s\n", health.words.c_str());
  return (ready ? health.ready : health.alive) ? 0 : 1;
}

}  // namespace mmm::agent
