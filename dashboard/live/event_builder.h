#pragma once

#include "core/base/result.h"
#include "core/store/applied_feed.h"
#include "core/store/index/index_reader.h"

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace mmm::dashboard {

// The packet that an event is about, for streams with a filter.
struct EventPacket {
  index::PacketRow row;
  std::vector<std::int64_t> agents;  // of its receptions
  // The event that such streams get instead: always the whole packet, since it may match only from a later reception
  // on.
  std::string text;
};

struct BuiltEvent {
  store::LogId id = 0;  // of the record that it tells of
  const char* type = "";
  // A client may get it twice, since it tells a state and not a change.
  bool repeatable = false;
  std::string text{};
  // Of `packet` and `reception`.
  std::shared_ptr<const EventPacket> packet{};
};

// What a stream gets of the event; null: nothing. `filter` null: everything is sent.
const std::string* text_for(const BuiltEvent& event, const index::PacketFilter* filter);

// Turns what the projection names into events, reading the rows from the index. Blocks; one thread.
class EventBuilder {
 public:
  explicit EventBuilder(index::IndexReader& reader) : reader_(reader) {}

  // `packet` and `reception` events by rising id, at most `budget`; what is beyond is added to `skipped`.
  Result<std::vector<BuiltEvent>> changes(const store::AppliedBatch& batch, std::size_t budget, std::uint64_t& skipped);
  // `node` and `agent` events; `last` is the record up to which the rows are applied.
  Result<std::vector<BuiltEvent>> states(const std::set<std::uint32_t>& nodes, const std::set<std::int64_t>& agents,
                                         store::LogId last);

 private:
  index::IndexReader& reader_;
};

}  // namespace mmm::dashboard
