#pragma once

#include "core/upload/upload_codec.h"
#include "metrics/registry.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::ingest {

// Measures the objective that records are fresh: how old each was when its upload came, by agent. Thread-safe.
//
// Bounds: `agents_max` agents have series of their own, those that upload first after the start; the others share one.
class Freshness {
 public:
  // `registry` must outlive it.
  Freshness(metrics::Registry& registry, std::size_t agents_max);

  // What is needed of an upload, for its bytes are the log writer's before it is known to be stored.
  struct Sample {
    explicit Sample(const upload::UploadView& upload);
    std::string agent_id;
    std::int64_t sent_us;
    std::vector<std::int64_t> arrivals_us;
  };
  // The records of an upload that was stored, but its first `duplicates`. `now_us` is this machine's clock.
  void observe(const Sample& upload, std::size_t duplicates, std::int64_t now_us);

 private:
  struct Agent {
    prometheus::Counter* fresh;
    prometheus::Counter* late;
  };
  Agent agent(std::string_view id);
  Agent make(const std::string& label);

  metrics::Registry& registry_;
  prometheus::Histogram& age_;
  const std::size_t agents_max_;
  std::mutex mutex_;
  std::map<std::string, Agent, std::less<>> agents_;
};

}  // namespace mmm::ingest
