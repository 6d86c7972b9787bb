#pragma once

#include "core/base/result.h"
#include "core/sqlite/database.h"
#include "core/sqlite/statement.h"
#include "core/store/index/link_rows.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace mmm::index {

// The writer's side of links, relays and traceroutes; a part of IndexWriter, in its transactions and on its thread.
class LinkStore {
 public:
  // `database` must outlive it.
  static Result<std::unique_ptr<LinkStore>> open(sqlite::Database& database);
  ~LinkStore();
  LinkStore(const LinkStore&) = delete;
  LinkStore& operator=(const LinkStore&) = delete;

  // Rows as they are stored; with a count of 0 when there is none.
  Result<LinkRow> link(const LinkKey& key);
  Result<LinkHourRow> link_hour(const LinkKey& key, std::int64_t start_us);
  Result<std::optional<TracerouteRow>> traceroute(LogId packet);

  Result<> put(const LinkRow& row);
  Result<> put(const LinkHourRow& row);
  Result<> put(const TracerouteRow& row);
  // Adds the count to what is there; a signal replaces the one that is there.
  Result<> add(const RelayRow& row);

 private:
  struct Statements;
  explicit LinkStore(std::unique_ptr<Statements> statements);
  std::unique_ptr<Statements> statements_;
};

}  // namespace mmm::index
