#include "core/store/index/retention.h"

#include "core/sqlite/statement.h"
#include "core/store/index/meta.h"
#include "core/store/index/telemetry_rows.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <vector>

namespace mmm::index {
namespace {

// A table whose rows lie in the order of a time: the oldest are at its beginning.
struct OrderedTable {
  DataClass data;
  const char* name;
  const char* time;  // the key's first column
  // What has to go before the rows below ?1; empty: nothing.
  const char* before = "";
};

constexpr std::array kOrderedTables{
    OrderedTable{
        DataClass::kPackets, "packets", "id",
        "DELETE FROM late_packets WHERE (from_node, heard_s, delay_us) IN (SELECT from_node, (id - lag) / 1000000, "
        "id - (id - lag) / 1000000 * 1000000 FROM packets WHERE id < ?1)"},
    OrderedTable{DataClass::kPackets, "traceroutes", "packet"},
    OrderedTable{DataClass::kPackets, "unreadable", "id"},
    OrderedTable{DataClass::kPositions, "positions", "packet"},
    OrderedTable{DataClass::kTelemetry, "telemetry", "packet"},
    OrderedTable{
        DataClass::kMessages, "messages", "packet",
        "INSERT INTO messages_fts(messages_fts, rowid, text) SELECT 'delete', packet, text FROM messages WHERE "
        "packet < ?1"},
    OrderedTable{DataClass::kTrafficMinutes, "traffic_minute", "start_us"},
};

// A table in whose key the time stands behind what it belongs to. It is walked group by group.
struct GroupedTable {
  DataClass data;
  const char* name;
  const char* group;         // three integers of the key
  std::int64_t step_us = 0;  // of rollups: those of that step alone; 0: all
};

constexpr std::array kGroupedTables{
    GroupedTable{DataClass::kTelemetry5m, "telemetry_rollups", "node, kind, step_us", kFiveMinutesUs},
    GroupedTable{DataClass::kLinkHours, "link_hours", "from_node, to_node, evidence"},
};

// A group without old rows costs a search in the tree, about as much as a few rows do.
constexpr std::size_t kRowsPerGroup = 8;

// Pages that stay empty for rows to come: a share of the file, and at least so many.
constexpr std::int64_t kEmptyShare = 20;
constexpr std::int64_t kEmptyPages = 1024;

std::string meta_name(DataClass data) {
  return fmt::format("kept_from.{}", kDataClassNames[static_cast<std::size_t>(data)]);
}

}  // namespace

Result<std::optional<std::int64_t>> kept_from(sqlite::Database& database, DataClass data) {
  return read_meta(database, meta_name(data));
}

struct Trimmer::Statements {
  struct Ordered {
    std::optional<sqlite::Statement> find, before, remove;
  };
  struct Grouped {
    std::optional<sqlite::Statement> next, remove;
    std::array<std::int64_t, 3> group{INT64_MIN, INT64_MIN, INT64_MIN};  // the last that was looked at
  };
  std::array<Ordered, kOrderedTables.size()> ordered;
  std::array<Grouped, kGroupedTables.size()> grouped;
  std::array<std::int64_t, kDataClasses> kept_from{};  // as written

  static Result<> prepare(sqlite::Database& database, std::optional<sqlite::Statement>& slot, const std::string& sql) {
    if (slot || sql.empty()) return {};
    auto statement = database.prepare(sql);
    if (!statement) return fail(statement.error());
    slot.emplace(std::move(*statement));
    return {};
  }
};

Trimmer::Trimmer(sqlite::Database& database) : database_(database), statements_(std::make_unique<Statements>()) {}
Trimmer::~Trimmer() = default;

Result<bool> Trimmer::step(DataClass data, std::int64_t before_us, std::size_t rows_max) {
  // Before the rows go, in the same transaction: whoever compares must not take them for lost.
  std::int64_t& written = statements_->kept_from[static_cast<std::size_t>(data)];
  if (written < before_us) {
    if (auto set = write_meta(database_, meta_name(data), before_us); !set) return fail(set.error());
    written = before_us;
  }
  for (std::size_t i = 0; i < kOrderedTables.size(); ++i) {
    if (kOrderedTables[i].data != data) continue;
    auto more = trim_table(i, before_us, rows_max);
    if (!more || *more) return more;
  }
  for (std::size_t i = 0; i < kGroupedTables.size(); ++i) {
    if (kGroupedTables[i].data != data) continue;
    auto more = trim_groups(i, before_us, rows_max);
    if (!more || *more) return more;
  }
  return false;
}

Result<bool> Trimmer::trim_table(std::size_t table, std::int64_t before_us, std::size_t rows_max) {
  const OrderedTable& spec = kOrderedTables[table];
  Statements::Ordered& use = statements_->ordered[table];
  const std::pair<std::optional<sqlite::Statement>*, std::string> all[] = {
      {&use.find,
       fmt::format("SELECT {0} FROM {1} WHERE {0} < ?1 ORDER BY {0} LIMIT 1 OFFSET ?2", spec.time, spec.name)},
      {&use.before, spec.before},
      {&use.remove, fmt::format("DELETE FROM {} WHERE {} < ?1", spec.name, spec.time)},
  };
  for (const auto& [slot, sql] : all) {
    if (auto prepared = Statements::prepare(database_, *slot, sql); !prepared) return fail(prepared.error());
  }
  use.find->bind(before_us, rows_max);
  auto found = use.find->step();
  if (!found) return fail(found.error());
  const std::int64_t end = *found ? use.find->integer(0) : before_us;
  use.find->reset();
  if (use.before) {
    if (auto done = use.before->bind(end).run(); !done) return fail(done.error());
  }
  if (auto done = use.remove->bind(end).run(); !done) return fail(done.error());
  removed_ += static_cast<std::uint64_t>(sqlite3_changes(database_.handle()));
  return *found;
}

Result<bool> Trimmer::trim_groups(std::size_t table, std::int64_t before_us, std::size_t rows_max) {
  const GroupedTable& spec = kGroupedTables[table];
  Statements::Grouped& use = statements_->grouped[table];
  const std::string which = spec.step_us == 0 ? "" : fmt::format("step_us = {} AND", spec.step_us);
  const std::pair<std::optional<sqlite::Statement>*, std::string> all[] = {
      {&use.next, fmt::format("SELECT {0} FROM {1} WHERE {2} ({0}) > (?1, ?2, ?3) ORDER BY {0} LIMIT 1", spec.group,
                              spec.name, which)},
      {&use.remove, fmt::format("DELETE FROM {} WHERE ({}) = (?1, ?2, ?3) AND start_us < ?4", spec.name, spec.group)},
  };
  for (const auto& [slot, sql] : all) {
    if (auto prepared = Statements::prepare(database_, *slot, sql); !prepared) return fail(prepared.error());
  }
  for (std::size_t cost = 0; cost < rows_max; cost += kRowsPerGroup) {
    auto& group = use.group;
    use.next->bind(group[0], group[1], group[2]);
    auto found = use.next->step();
    if (!found) return fail(found.error());
    if (!*found) {
      group.fill(INT64_MIN);
      return false;
    }
    for (std::size_t i = 0; i < group.size(); ++i) group[i] = use.next->integer(static_cast<int>(i));
    use.next->reset();
    if (auto done = use.remove->bind(group[0], group[1], group[2], before_us).run(); !done) return fail(done.error());
    const auto rows = static_cast<std::size_t>(sqlite3_changes(database_.handle()));
    removed_ += rows;
    cost += rows;
  }
  return true;
}

Result<std::uint64_t> give_back_pages(sqlite::Database& database, std::uint64_t pages_max) {
  auto empty = database.integer("PRAGMA freelist_count");
  if (!empty) return fail(empty.error());
  auto pages = database.integer("PRAGMA page_count");
  if (!pages) return fail(pages.error());
  const std::int64_t surplus = *empty - std::max(kEmptyPages, *pages / kEmptyShare);
  if (surplus <= 0) return 0;
  const auto count = std::min(static_cast<std::uint64_t>(surplus), pages_max);
  if (auto given = database.execute(fmt::format("PRAGMA incremental_vacuum({})", count).c_str()); !given) {
    return fail(given.error());
  }
  return count;
}

}  // namespace mmm::index
