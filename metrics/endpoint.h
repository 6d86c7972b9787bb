#pragma once

#include "metrics/registry.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Collectable;
class Exposer;
}  // namespace prometheus

namespace mmm::metrics {

class ProcessCollector;

// Serves GET /metrics for Prometheus on its own threads (prometheus-cpp's server), away from the threads that do the
// work: the registry's metrics and those of the process.
class Endpoint {
 public:
  // Binds address:port. On failure returns null and puts the reason, in words, into `error`. (No Result here: metrics
  // stands below core.)
  static std::unique_ptr<Endpoint> open(const std::string& address, std::uint16_t port, const Registry& registry,
                                        std::string& error);
  ~Endpoint();

  // Serves what that collects, too, from the next scrape on, on the endpoint's threads.
  void add(std::shared_ptr<prometheus::Collectable> collectable);

  // The port it listens on: the given one, or the one the system chose for 0.
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  Endpoint();
  std::shared_ptr<ProcessCollector> process_;
  std::vector<std::shared_ptr<prometheus::Collectable>> added_;  // the exposer does not own them
  std::unique_ptr<prometheus::Exposer> exposer_;
  std::uint16_t port_ = 0;
};

}  // namespace mmm::metrics
