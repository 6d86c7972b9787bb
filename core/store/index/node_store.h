#pragma once

#include "core/base/result.h"
#include "core/sqlite/database.h"
#include "core/store/index/node_rows.h"
#include "core/store/index/rows.h"
#include "core/store/index/telemetry_rows.h"

#include <memory>

namespace mmm::index {

// The writer's side of what nodes tell over time: identity, telemetry's rollups, messages, waypoints, map reports; and
// what agents miss. A part of IndexWriter, in its transactions and on its thread.
class NodeStore {
 public:
  // `database` must outlive it.
  static Result<std::unique_ptr<NodeStore>> open(sqlite::Database& database);
  ~NodeStore();
  NodeStore(const NodeStore&) = delete;
  NodeStore& operator=(const NodeStore&) = delete;

  // Without fields when there is none.
  Result<RollupRow> rollup(const RollupKey& key);
  Result<> put(const RollupRow& row);

  Result<> add(const IdentityChangeRow& row);
  // With its words for the search.
  Result<> add(const MessageRow& row);
  // A delivery stays one, whatever comes later. Nothing when the message is not there.
  Result<> put(const AckRow& row);
  Result<> put(const WaypointRow& row);
  Result<> put(const MapReportRow& row);
  // The same gap again, when it ends.
  Result<> put(const GapRow& row);

 private:
  struct Statements;
  explicit NodeStore(std::unique_ptr<Statements> statements);
  std::unique_ptr<Statements> statements_;
};

}  // namespace mmm::index
