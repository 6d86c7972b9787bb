#pragma once

#include "core/log/log.h"
#include "core/log_shipping/log_config.h"
#include "metrics/registry.h"

#include <memory>
#include <vector>

namespace mmm::log {

// Brings the log's lines to a collector over TCP, each as a JSON object on a line of its own, with the names that the
// Python version gives its members. Who logs never waits for it: lines stand in a queue of 1 MiB, the oldest go when it
// is full and are counted. It connects again for ever, after 1 s to 30 s. What was on its way when a connection broke
// is sent again: a line may come twice, and is lost only with the program or out of the queue.
//
// Lifecycle: made after log::start(); its destructor offers what is in the queue for at most a second. Concurrency: a
// thread of its own.
class Shipper {
 public:
  Shipper(CollectorConfig config, std::string program, metrics::Registry& registry);
  ~Shipper();
  Shipper(const Shipper&) = delete;
  Shipper& operator=(const Shipper&) = delete;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;  // the log has it, too, as a sink
};

// One for each.
std::vector<std::unique_ptr<Shipper>> ship(const std::vector<CollectorConfig>& collectors, const std::string& program,
                                           metrics::Registry& registry);

}  // namespace mmm::log
