#pragma once

#include "metrics/registry.h"

#include <prometheus/counter.h>

#include <string>

namespace mmm::agent {

// The metrics of one radio's active work. Cheap to copy: it refers to what the registry owns.
struct ActiveProbe {
  prometheus::Counter* sent;
  prometheus::Counter* answered;
  prometheus::Counter* unanswered;
  prometheus::Counter* refused;
  prometheus::Counter* over_budget;
  prometheus::Counter* channel_busy;
  prometheus::Counter* queue_full;
  prometheus::Counter* clock_sets;

  // `radio` is the section of the configuration.
  static ActiveProbe make(metrics::Registry& registry, const std::string& radio);
};

}  // namespace mmm::agent
