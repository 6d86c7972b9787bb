#pragma once

#include <vector>

namespace mmm::metrics {

enum class Type { kCounter, kGauge, kHistogram };

// One metric: written once, in metrics/catalog_*.h, as a constant of a kind below. `help` says what it counts and what
// it means when it moves. Its unit is in its name, as Prometheus wants it: _seconds, _bytes, _ratio …
class Definition {
 public:
  Definition(const Definition&) = delete;
  Definition& operator=(const Definition&) = delete;

  const Type type;
  const char* const name;
  const std::vector<const char*> labels;  // every series has these, and no others
  const char* const help;
  const std::vector<double> buckets;  // histograms only, upper bounds in base units, rising

  // Those of the catalogs that are compiled in, in the order of the code.
  static const std::vector<const Definition*>& all() { return list(); }

 protected:
  Definition(Type its_type, const char* its_name, std::vector<const char*> its_labels, const char* its_help,
             std::vector<double> its_buckets)
      : type(its_type), name(its_name), labels(std::move(its_labels)), help(its_help), buckets(std::move(its_buckets)) {
    list().push_back(this);
  }
  ~Definition() = default;  // only as long-lived as the program

 private:
  static std::vector<const Definition*>& list() {
    static std::vector<const Definition*> definitions;
    return definitions;
  }
};

// Rises, or begins anew at 0 with the program.
struct CounterDefinition final : Definition {
  CounterDefinition(const char* name, std::vector<const char*> labels, const char* help)
      : Definition(Type::kCounter, name, std::move(labels), help, {}) {}
};

struct GaugeDefinition final : Definition {
  GaugeDefinition(const char* name, std::vector<const char*> labels, const char* help)
      : Definition(Type::kGauge, name, std::move(labels), help, {}) {}
};

struct HistogramDefinition final : Definition {
  HistogramDefinition(const char* name, std::vector<const char*> labels, std::vector<double> buckets, const char* help)
      : Definition(Type::kHistogram, name, std::move(labels), help, std::move(buckets)) {}
};

}  // namespace mmm::metrics
