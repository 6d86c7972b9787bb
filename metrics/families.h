#pragma once

#include "metrics/definition.h"
#include "metrics/registry.h"

#include <prometheus/metric_family.h>

#include <vector>

namespace mmm::metrics {

// What a collector found at a scrape, in the form that the endpoint serves. One thread.
class Families {
 public:
  // One series. Those of one definition must come one after another.
  void add(const CounterDefinition& definition, double value, const Labels& labels = {});
  void add(const GaugeDefinition& definition, double value, const Labels& labels = {});

  std::vector<prometheus::MetricFamily> take() { return std::move(families_); }

 private:
  prometheus::ClientMetric& append(const Definition& definition, prometheus::MetricType type, const Labels& labels);

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace mmm::metrics
