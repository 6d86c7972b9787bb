#pragma once

#include "metrics/definition.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <string>

namespace mmm::metrics {

using Labels = std::map<std::string, std::string>;

// Ends the program when these are not the definition's labels: a bug.
void check_labels(const Definition& definition, const Labels& labels);

// The program's metrics. Thread-safe. Labels other than those of the definition are a bug. The references returned stay
// valid as long as the registry; a component asks for its metrics once, when it is made, and keeps them in its probe
// struct.
class Registry {
 public:
  Registry();

  prometheus::Counter& counter(const CounterDefinition& definition, const Labels& labels = {});
  prometheus::Gauge& gauge(const GaugeDefinition& definition, const Labels& labels = {});
  prometheus::Histogram& histogram(const HistogramDefinition& definition, const Labels& labels = {});

  // mmm_build_info of this program.
  void set_build_info(const std::string& program, const std::string& version, const std::string& commit);

  [[nodiscard]] std::shared_ptr<prometheus::Registry> collectable() const { return registry_; }
  // The Prometheus text format, as the endpoint serves it.
  [[nodiscard]] std::string text() const;

 private:
  std::shared_ptr<prometheus::Registry> registry_;
};

}  // namespace mmm::metrics
