#include "metrics/endpoint.h"

#include "metrics/process_collector.h"

#include <prometheus/exposer.h>

#include <exception>
#include <vector>

namespace mmm::metrics {

Endpoint::Endpoint() : process_(std::make_shared<ProcessCollector>()) {}

Endpoint::~Endpoint() = default;

std::unique_ptr<Endpoint> Endpoint::open(const std::string& address, std::uint16_t port, const Registry& registry,
                                         std::string& error) {
  const bool ipv6 = address.find(':') != std::string::npos;
  const std::string bind = (ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
  try {
    std::unique_ptr<Endpoint> endpoint(new Endpoint());
    // Two threads: scrapes are rare, and a client that hangs must not keep the scraper out until its time is over.
    endpoint->exposer_ = std::make_unique<prometheus::Exposer>(
        std::vector<std::string>{"listening_ports", bind, "num_threads", "2", "request_timeout_ms", "5000"});
    endpoint->exposer_->RegisterCollectable(registry.collectable());
    endpoint->exposer_->RegisterCollectable(endpoint->process_);
    const auto ports = endpoint->exposer_->GetListeningPorts();
    endpoint->port_ = ports.empty() ? port : static_cast<std::uint16_t>(ports.front());
    return endpoint;
  } catch (const std::exception&) {
    // Its own words ("null context when constructing CivetServer") help nobody.
    error = "cannot serve metrics on " + bind +
            ": another program uses that port, or the address is not one of this machine; set [metrics] port or bind";
    return nullptr;
  }
}

void Endpoint::add(std::shared_ptr<prometheus::Collectable> collectable) {
  exposer_->RegisterCollectable(collectable);
  added_.push_back(std::move(collectable));
}

}  // namespace mmm::metrics
