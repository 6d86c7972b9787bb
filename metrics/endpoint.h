#pragma once

#include "metrics/registry.h"

#include <cstdint>
#include <memory>
#include <string>

namespace prometheus {
class Exposer;
}

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

  // The port it listens on: the given one, or the one the system chose for 0.
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  Endpoint();
  std::shared_ptr<ProcessCollector> process_;
  std::unique_ptr<prometheus::Exposer> exposer_;
  std::uint16_t port_ = 0;
};

}  // namespace mmm::metrics
