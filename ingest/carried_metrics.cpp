#include "ingest/carried_metrics.h"

#include "metrics/catalog_server.h"

namespace mmm::ingest {
namespace {

namespace server = metrics::server;

// An agent with nothing to tell uploads every 4 minutes.
constexpr std::chrono::minutes kForgottenAfter{10};
constexpr double kMicros = 1e6;

}  // namespace

void CarriedMetrics::take(const upload::UploadHeader& header) {
  if (!header.has_figures()) return;
  const std::lock_guard lock(mutex_);
  const Key key(header.agent_id(), header.radio());
  if (!told_.contains(key) && told_.size() >= series_max_) {
    forget_the_silent();
    if (told_.size() >= series_max_) return;
  }
  told_.insert_or_assign(key, Told{.figures = header.figures(), .when = time_.steady()});
}

void CarriedMetrics::forget_the_silent() const {
  const SteadyTime now = time_.steady();
  std::erase_if(told_, [now](const auto& each) { return now - each.second.when > kForgottenAfter; });
}

std::vector<prometheus::MetricFamily> CarriedMetrics::Collect() const {
  const std::lock_guard lock(mutex_);
  forget_the_silent();
  metrics::Families families;
  // The program's own: radios of one agent tell the same.
  const auto each_agent = [&](const auto& definition, const auto& value) {
    const std::string* last = nullptr;
    for (const auto& [key, told] : told_) {
      if (last == nullptr || *last != key.first) families.add(definition, value(told.figures), {{"agent", key.first}});
      last = &key.first;
    }
  };
  const auto each_radio = [&](const auto& definition, const auto& value) {
    for (const auto& [key, told] : told_) {
      families.add(definition, value(told.figures), {{"agent", key.first}, {"radio", key.second}});
    }
  };
  using Figures = upload::AgentFigures;
  each_agent(server::kAgentResidentBytes, [](const Figures& f) { return static_cast<double>(f.resident_bytes()); });
  each_agent(server::kAgentCpuSeconds, [](const Figures& f) { return static_cast<double>(f.cpu_us()) / kMicros; });
  each_radio(server::kAgentBufferBytes, [](const Figures& f) { return static_cast<double>(f.buffer_bytes()); });
  each_radio(server::kAgentOldestAge,
             [](const Figures& f) { return static_cast<double>(f.oldest_age_us()) / kMicros; });
  each_radio(server::kAgentBufferFailures, [](const Figures& f) { return static_cast<double>(f.buffer_failures()); });
  each_radio(server::kAgentFailedOpens, [](const Figures& f) { return static_cast<double>(f.failed_opens()); });
  each_radio(server::kAgentGarbageBytes, [](const Figures& f) { return static_cast<double>(f.garbage_bytes()); });
  each_radio(server::kAgentLastMessage,
             [](const Figures& f) { return static_cast<double>(f.last_message_us()) / kMicros; });
  return families.take();
}

}  // namespace mmm::ingest
