#include "ingest/freshness.h"

#include "core/base/limits.h"
#include "metrics/catalog_server.h"

#include <algorithm>

namespace mmm::ingest {
namespace {

constexpr const char* kOther = "other";

}  // namespace

Freshness::Freshness(metrics::Registry& registry, std::size_t agents_max)
    : registry_(registry), age_(registry.histogram(metrics::server::kRecordAge)), agents_max_(agents_max) {}

Freshness::Sample::Sample(const upload::UploadView& upload)
    : agent_id(upload.header.agent_id()), sent_us(upload.header.sent_us()) {
  arrivals_us.reserve(upload.records.size());
  for (const upload::RecordView& record : upload.records) arrivals_us.push_back(record.arrival_us);
}

void Freshness::observe(const Sample& upload, std::size_t duplicates, std::int64_t now_us) {
  if (upload.arrivals_us.size() <= duplicates) return;
  // By the agent's clock at both ends: its being wrong makes no record old.
  const std::int64_t sent_us = upload.sent_us != 0 ? upload.sent_us : now_us;
  std::size_t fresh = 0;
  std::size_t late = 0;
  for (std::size_t i = duplicates; i < upload.arrivals_us.size(); ++i) {
    const std::int64_t age_us = std::max<std::int64_t>(0, sent_us - upload.arrivals_us[i]);
    age_.Observe(static_cast<double>(age_us) / 1e6);
    ++(std::chrono::microseconds(age_us) <= limits::kFreshWithin ? fresh : late);
  }
  const Agent counted = agent(upload.agent_id);
  counted.fresh->Increment(static_cast<double>(fresh));
  counted.late->Increment(static_cast<double>(late));
}

Freshness::Agent Freshness::agent(std::string_view id) {
  const std::lock_guard lock(mutex_);
  if (const auto known = agents_.find(id); known != agents_.end()) return known->second;
  if (agents_.size() >= agents_max_) return make(kOther);
  return agents_.emplace(id, make(std::string(id))).first->second;
}

Freshness::Agent Freshness::make(const std::string& label) {
  const auto counter = [&](const char* freshness) {
    return &registry_.counter(metrics::server::kAgentRecords, {{"agent", label}, {"freshness", freshness}});
  };
  return {.fresh = counter("fresh"), .late = counter("late")};
}

}  // namespace mmm::ingest
