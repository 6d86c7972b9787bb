#include "metrics/endpoint.h"

#include <prometheus/exposer.h>

#include <exception>

namespace mmm::metrics {

Endpoint::Endpoint(std::unique_ptr<prometheus::Exposer> exposer, std::uint16_t port)
    : exposer_(std::move(exposer)), port_(port) {}

Endpoint::~Endpoint() = default;

std::unique_ptr<Endpoint> Endpoint::open(const std::string& address, std::uint16_t port, const Registry& registry,
                                         std::string& error) {
  const bool ipv6 = address.find(':') != std::string::npos;
  const std::string bind = (ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
  try {
    // One thread: scrapes are rare, and a second one would only cost the agent memory.
    auto exposer = std::make_unique<prometheus::Exposer>(bind, 1);
    exposer->RegisterCollectable(registry.collectable());
    const auto ports = exposer->GetListeningPorts();
    const auto bound = ports.empty() ? port : static_cast<std::uint16_t>(ports.front());
    return std::unique_ptr<Endpoint>(new Endpoint(std::move(exposer), bound));
  } catch (const std::exception& exception) {
    error = "metrics endpoint " + bind + ": " + exception.what() +
            " (is the port in use, or the address not one of this machine? set [metrics] port or bind)";
    return nullptr;
  }
}

}  // namespace mmm::metrics
