#pragma once

#include "core/base/result.h"
#include "core/store/index/node_store.h"
#include "ingest/project/row_book.h"

#include <google/protobuf/message.h>

#include <cstdint>

namespace mmm::ingest {

// Telemetry by five minutes and by hour, while records are folded. One thread.
class RollupBook {
 public:
  explicit RollupBook(index::NodeStore& store) : store_(store) {}

  // Adds the numbers of the message to both steps. `kind`: as index::TelemetryRow::kind.
  Result<> add(std::uint32_t node, std::uint32_t kind, std::int64_t time_us, const google::protobuf::Message& message);

  Result<> write();
  void committed() { rollups_.committed(); }

 private:
  struct Hash {
    std::size_t operator()(const index::RollupKey& key) const {
      return spread(std::uint64_t{key.node} << 32U | key.kind, static_cast<std::uint64_t>(key.start_us ^ key.step_us));
    }
  };
  index::NodeStore& store_;
  RowBook<index::RollupKey, index::RollupRow, Hash> rollups_;
};

}  // namespace mmm::ingest
