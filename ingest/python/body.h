#pragma once

#include "core/base/result.h"
#include "core/upload/upload.pb.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The bodies that agents of the Python version post, cut into the entries that go to the packet log one by one.
// docs/python-compatibility.md has the format.
namespace mmm::ingest::python {

enum class Endpoint : std::uint8_t { kRegister, kData, kNodeList, kRoutes };

// A record to be. The views point into the body's text, or into Body::made.
struct Entry {
  upload::RecordKind kind = upload::RECORD_KIND_UNSPECIFIED;
  std::string_view json;
  // Of a packet: when the agent received it, µs since the epoch by its clock; 0: not told.
  std::int64_t time_us = 0;
};

struct Body {
  std::string agent_id;  // as the agent writes it: any text
  std::optional<upload::Location> location;
  std::int64_t sent_us = 0;  // the agent's clock, µs since the epoch; 0: not told
  std::vector<Entry> entries;
  std::size_t counted = 0;  // packets, nodes or routes in the body: what the answer says
  std::size_t refused = 0;  // entries that are no objects, or too long
  std::deque<std::string> made;
};

// Reads and checks a whole body. `text` is given room at its end, which may move it; it must outlive the result and not
// change. NaN and Infinity, which Python writes, are accepted.
//
// Fails with kMalformed (not a JSON object; no agent_id) or kTooLarge (limits::kPythonEntriesMax entries, or nested
// deeper than limits::kPythonJsonDepthMax). Missing and unknown members are no failure.
Result<Body> parse_body(Endpoint endpoint, std::string& text);

// Whom an entry of a node list or of node_status is about: a newer one replaces it. Empty: the entry stands for itself,
// or does not say.
std::string subject_of(upload::RecordKind kind, std::string_view json);

// What of a name an upload has room for, cut where no character is cut.
std::string fitting_location_name(std::string_view name);

// The id that an agent is stored under. The Python version takes any text, ours are keys, labels and file names: what
// does not fit is replaced, and a hash of the whole keeps such ids apart.
std::string stored_agent_id(std::string_view agent_id);

}  // namespace mmm::ingest::python
