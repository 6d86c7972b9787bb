#pragma once

#include "agent/buffer/buffer.h"
#include "metrics/registry.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include <cstdint>
#include <string>
#include <vector>

namespace mmm::agent {

// The metrics of one radio's buffer.
class BufferProbe {
 public:
  BufferProbe(metrics::Registry& registry, std::string radio, const std::vector<std::string>& servers);

  // Other servers from now on.
  void configure(const std::vector<std::string>& servers);

  // `pending`: records that are not yet committed.
  void show(const BufferState& state, std::size_t pending);
  void committed(double seconds) { commit_seconds_->Observe(seconds); }
  void oldest_age(std::size_t server, double seconds) { servers_.at(server).oldest_age->Set(seconds); }
  void failed(ErrorKind kind);
  [[nodiscard]] std::uint64_t failures() const { return failures_; }  // of every kind

 private:
  struct Server {
    prometheus::Gauge* captured;
    prometheus::Gauge* delivered;
    prometheus::Gauge* duplicate;
    prometheus::Gauge* set_aside;
    prometheus::Gauge* filtered;
    prometheus::Gauge* dropped;
    prometheus::Gauge* waiting;
    prometheus::Gauge* records;
    prometheus::Gauge* oldest_age;
  };

  metrics::Registry& registry_;
  std::string radio_;
  std::vector<Server> servers_;
  prometheus::Gauge* bytes_;
  prometheus::Gauge* pending_;
  prometheus::Histogram* commit_seconds_;
  std::uint64_t failures_ = 0;
};

}  // namespace mmm::agent
