#include "metrics/registry.h"

#include "metrics/catalog_common.h"

#include <prometheus/text_serializer.h>

namespace mmm::metrics {

Registry::Registry() : registry_(std::make_shared<prometheus::Registry>(prometheus::Registry::InsertBehavior::Merge)) {}

prometheus::Counter& Registry::counter(const Definition& definition, const Labels& labels) {
  return prometheus::BuildCounter().Name(definition.name).Help(definition.help).Register(*registry_).Add(labels);
}

prometheus::Gauge& Registry::gauge(const Definition& definition, const Labels& labels) {
  return prometheus::BuildGauge().Name(definition.name).Help(definition.help).Register(*registry_).Add(labels);
}

prometheus::Histogram& Registry::histogram(const Definition& definition, const Labels& labels) {
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
