#pragma once

#include "agent/buffer/buffer.h"
#include "agent/radio/link.h"
#include "agent/upload/uploader.h"
#include "core/base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmm::agent {

// What `mmm-agent status` tells of the running agent.
struct DestinationReport {
  std::string name;
  Ledger ledger;
  std::optional<WallTime> oldest_waiting;  // when the oldest record that waits was captured; as of the last seconds
  std::vector<ServerHealth> servers;
  std::vector<SetAsideRecord> set_aside;  // the newest few
};
// One radio of it.
struct RadioReport {
  std::string name;  // of its section of the configuration
  std::string link;  // "serial /dev/ttyUSB0"
  LinkStatus link_status;
  std::optional<WallTime> last_packet;
  std::uint64_t buffer_bytes = 0;
  std::uint64_t uncommitted = 0;  // records in memory
  std::string buffer_failure;     // why the buffer takes no records; empty: it does
  std::vector<DestinationReport> destinations;
};
struct Report {
  std::string agent_id;
  std::string version;
  WallTime now;
  WallTime started;
  std::vector<RadioReport> radios;
};

// As one JSON object, times in microseconds since the epoch. Names from the radio are text of strangers, made valid
// UTF-8.
std::string to_json(const Report& report);

// That JSON as a person reads it, a line for each thing; control characters of strangers' texts are shown as escapes.
// Fails with kMalformed.
Result<std::string> to_text(std::string_view json);

}  // namespace mmm::agent
