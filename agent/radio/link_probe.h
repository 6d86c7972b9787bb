#pragma once

#include "agent/radio/session.h"
#include "metrics/registry.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include <array>
#include <string>

namespace mmm::agent {

// The metrics of one link. Cheap to copy: it refers to what the registry owns.
struct LinkProbe {
  static constexpr std::size_t kKinds = 6;   // of MessageKind
  static constexpr std::size_t kStates = 3;  // connecting, ready, down: AgentStatus.LinkState - 1

  std::array<prometheus::Gauge*, kStates> state;
  prometheus::Counter* opened;
  prometheus::Counter* open_failed;
  prometheus::Counter* handshakes;
  prometheus::Counter* bytes;
  prometheus::Counter* frames;
  std::array<prometheus::Counter*, kKinds> messages;  // kNotAMessage is not among them: null
  prometheus::Counter* resyncs;
  prometheus::Counter* garbage_bytes;
  prometheus::Counter* not_a_message;
  prometheus::Counter* false_headers;
  prometheus::Gauge* last_message;

  // `radio` is the section of the configuration.
  static LinkProbe make(metrics::Registry& registry, const std::string& radio);
};

}  // namespace mmm::agent
