#pragma once

#include "agent/buffer/record.h"
#include "agent/radio/link.h"
#include "core/async/time_source.h"

#include <string>

namespace mmm::agent {

// Writes the agent's own records: how the link stands and what the monitor needs of the radio's configuration. One at
// the start, one at each change, one every few minutes, so that a server knows that the agent lives.
//
// Concurrency: the link's thread. The references must outlive it.
class StatusWriter {
 public:
  StatusWriter(const RadioLink& link, RecordSink& sink, TimeSource& time);

  // Call when the link's status may have changed.
  void link_changed();
  // Repeats the status for ever, until it is cancelled.
  boost::asio::awaitable<void> run();

 private:
  [[nodiscard]] upload::AgentStatus status() const;
  void write(const upload::AgentStatus& status);

  const RadioLink& link_;
  RecordSink& sink_;
  TimeSource& time_;
  std::uint64_t started_us_;
  std::string last_written_;  // to tell a change; without what changes while the radio tells its configuration
};

}  // namespace mmm::agent
