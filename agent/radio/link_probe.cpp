#include "agent/radio/link_probe.h"

#include "metrics/catalog_agent.h"

namespace mmm::agent {

LinkProbe LinkProbe::make(metrics::Registry& registry, const std::string& radio) {
  namespace catalog = metrics::agent;
  const auto state = [&](const char* name) {
    return &registry.gauge(catalog::kLinkState, {{"radio", radio}, {"state", name}});
  };
  const auto counter = [&](const metrics::CounterDefinition& definition) {
    return &registry.counter(definition, {{"radio", radio}});
  };
  const auto labelled = [&](const metrics::CounterDefinition& definition, const char* label, const char* value) {
    return &registry.counter(definition, {{"radio", radio}, {label, value}});
  };
  const auto message = [&](const char* kind) { return labelled(catalog::kLinkMessages, "kind", kind); };
  return LinkProbe{
      .state = {state("connecting"), state("ready"), state("down")},
      .opened = labelled(catalog::kLinkOpens, "outcome", "opened"),
      .open_failed = labelled(catalog::kLinkOpens, "outcome", "failed"),
      .handshakes = counter(catalog::kLinkHandshakes),
      .bytes = counter(catalog::kLinkReceivedBytes),
      .frames = counter(catalog::kLinkFrames),
      .messages = {nullptr, message("packet"), message("node_info"), message("own_info"), message("metadata"),
                   message("withheld")},
      .resyncs = counter(catalog::kLinkResyncs),
      .garbage_bytes = counter(catalog::kLinkGarbageBytes),
      .not_a_message = labelled(catalog::kLinkDecodeErrors, "reason", "not_a_message"),
      .false_headers = labelled(catalog::kLinkDecodeErrors, "reason", "false_header"),
      .last_message = &registry.gauge(catalog::kLinkLastMessage, {{"radio", radio}}),
  };
}

}  // namespace mmm::agent
