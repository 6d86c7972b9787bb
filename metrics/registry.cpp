#include "metrics/registry.h"

#include "metrics/catalog_common.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace mmm::metrics {

// metrics stands below core, so core/base's check is not to be had.
void check_labels(const Definition& definition, const Labels& labels) {
  const bool all = std::ranges::all_of(definition.labels, [&](const char* label) { return labels.contains(label); });
  if (all && labels.size() == definition.labels.size()) return;
  std::fprintf(stderr, "metric %s is used with other labels than metrics/catalog_*.h gives it\n", definition.name);
  std::abort();
}

Registry::Registry() : registry_(std::make_shared<prometheus::Registry>(prometheus::Registry::InsertBehavior::Merge)) {}

prometheus::Counter& Registry::counter(const CounterDefinition& definition, const Labels& labels) {
  check_labels(definition, labels);
  return prometheus::BuildCounter().Name(definition.name).Help(definition.help).Register(*registry_).Add(labels);
}

prometheus::Gauge& Registry::gauge(const GaugeDefinition& definition, const Labels& labels) {
  check_labels(definition, labels);
  return prometheus::BuildGauge().Name(definition.name).Help(definition.help).Register(*registry_).Add(labels);
}

prometheus::Histogram& Registry::histogram(const HistogramDefinition& definition, const Labels& labels) {
  check_labels(definition, labels);
  return prometheus::BuildHistogram()
      .Name(definition.name)
      .Help(definition.help)
      .Register(*registry_)
      .Add(labels, prometheus::Histogram::BucketBoundaries{definition.buckets});
}

void Registry::set_build_info(const std::string& program, const std::string& version, const std::string& commit) {
  gauge(common::kBuildInfo, {{"program", program}, {"version", version}, {"commit", commit}}).Set(1);
}

std::string Registry::text() const {
  return prometheus::TextSerializer().Serialize(registry_->Collect());
}

}  // namespace mmm::metrics
