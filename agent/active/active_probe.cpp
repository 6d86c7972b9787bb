#include "agent/active/active_probe.h"

#include "metrics/catalog_agent.h"

namespace mmm::agent {

ActiveProbe ActiveProbe::make(metrics::Registry& registry, const std::string& radio) {
  namespace catalog = metrics::agent;
  const auto outcome = [&](const char* name) {
    return &registry.counter(catalog::kTraceroutes, {{"radio", radio}, {"outcome", name}});
  };
  const auto postponed = [&](const char* reason) {
    return &registry.counter(catalog::kTraceroutesPostponed, {{"radio", radio}, {"reason", reason}});
  };
  return ActiveProbe{
      .sent = outcome("sent"),
      .answered = outcome("answered"),
      .unanswered = outcome("unanswered"),
      .refused = outcome("refused"),
      .over_budget = postponed("budget"),
      .channel_busy = postponed("channel"),
      .queue_full = postponed("queue"),
      .clock_sets = &registry.counter(catalog::kClockSets, {{"radio", radio}}),
  };
}

}  // namespace mmm::agent
