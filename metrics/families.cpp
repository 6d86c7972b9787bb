#include "metrics/families.h"

namespace mmm::metrics {

void Families::add(const CounterDefinition& definition, double value, const Labels& labels) {
  append(definition, prometheus::MetricType::Counter, labels).counter.value = value;
}

void Families::add(const GaugeDefinition& definition, double value, const Labels& labels) {
  append(definition, prometheus::MetricType::Gauge, labels).gauge.value = value;
}

prometheus::ClientMetric& Families::append(const Definition& definition, prometheus::MetricType type,
                                           const Labels& labels) {
  check_labels(definition, labels);
  if (families_.empty() || families_.back().name != definition.name) {
    families_.push_back({definition.name, definition.help, type, {}});
  }
  prometheus::ClientMetric& metric = families_.back().metric.emplace_back();
  metric.label.reserve(labels.size());
  for (const auto& [name, value] : labels) metric.label.push_back({name, value});
  return metric;
}

}  // namespace mmm::metrics
