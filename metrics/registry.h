#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mmm::metrics {

// One metric: written once, in metrics/catalog_*.h. `help` says what it counts and what it means when it moves.
struct Definition {
  const char* name;
  const char* help;
  std::vector<double> buckets = {};  // histograms only, upper bounds in base units, rising
};

using Labels = std::map<std::string, std::string>;

// The program's metrics. Thread-safe. The references returned stay valid as long as the registry; a component asks for
// its metrics once, when it is made, and keeps them in its probe struct.
class Registry {
 public:
  Registry();

  prometheus::Counter& counter(const Definition& definition, const Labels& labels = {});
  prometheus::Gauge& gauge(const Definition& definition, const Labels& labels = {});
  prometheus::Histogram& histogram(const Definition& definition, const Labels& labels = {});

  // mmm_build_info of this program.
  void set_build_info(const std::string& program, const std::string& version, const std::string& commit);

  [[nodiscard]] std::shared_ptr<prometheus::Registry> collectable() const { return registry_; }
  // The Prometheus text format, as the endpoint serves it.
  [[nodiscard]] std::string text() const;

 private:
  std::shared_ptr<prometheus::Registry> registry_;
};

}  // namespace mmm::metrics
