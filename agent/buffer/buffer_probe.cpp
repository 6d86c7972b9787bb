#include "agent/buffer/buffer_probe.h"

#include "metrics/catalog_agent.h"

#include <utility>

namespace mmm::agent {

namespace catalog = metrics::agent;

BufferProbe::BufferProbe(metrics::Registry& registry, std::string radio, const std::vector<std::string>& servers)
    : registry_(registry),
      radio_(std::move(radio)),
      bytes_(&registry.gauge(catalog::kBufferBytes, {{"radio", radio_}})),
      pending_(&registry.gauge(catalog::kBufferPending, {{"radio", radio_}})),
      commit_seconds_(&registry.histogram(catalog::kBufferCommitSeconds, {{"radio", radio_}})) {
  configure(servers);
}

void BufferProbe::configure(const std::vector<std::string>& servers) {
  // What is no longer told of would look as if it stood still.
  for (const Server& gone : servers_) {
    for (auto* gauge : {gone.captured, gone.delivered, gone.duplicate, gone.set_aside, gone.filtered, gone.dropped,
                        gone.waiting, gone.records, gone.oldest_age}) {
      gauge->Set(0);
    }
  }
  servers_.clear();
  for (const auto& name : servers) {
    const auto ledger = [&](const char* state) {
      return &registry_.gauge(catalog::kLedgerRecords, {{"radio", radio_}, {"server", name}, {"state", state}});
    };
    servers_.push_back(
        Server{.captured = ledger("captured"),
               .delivered = ledger("delivered"),
               .duplicate = ledger("duplicate"),
               .set_aside = ledger("set_aside"),
               .filtered = ledger("filtered"),
               .dropped = ledger("dropped"),
               .waiting = ledger("waiting"),
               .records = &registry_.gauge(catalog::kBufferRecords, {{"radio", radio_}, {"server", name}}),
               .oldest_age = &registry_.gauge(catalog::kBufferOldestAge, {{"radio", radio_}, {"server", name}})});
  }
}

void BufferProbe::show(const BufferState& state, std::size_t pending) {
  pending_->Set(static_cast<double>(pending));
  bytes_->Set(static_cast<double>(state.file_bytes));
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const auto& ledger = state.servers.at(i).ledger;
    const auto& server = servers_[i];
    server.captured->Set(static_cast<double>(ledger.captured));
    server.delivered->Set(static_cast<double>(ledger.delivered));
    server.duplicate->Set(static_cast<double>(ledger.duplicate));
    server.set_aside->Set(static_cast<double>(ledger.set_aside));
    server.filtered->Set(static_cast<double>(ledger.filtered));
    server.dropped->Set(static_cast<double>(ledger.dropped));
    server.waiting->Set(static_cast<double>(ledger.waiting()));
    server.records->Set(static_cast<double>(ledger.waiting() + pending));
  }
}

void BufferProbe::failed(ErrorKind kind) {
  ++failures_;
  registry_.counter(catalog::kBufferFailures, {{"radio", radio_}, {"kind", std::string(to_string(kind))}}).Increment();
}

}  // namespace mmm::agent
