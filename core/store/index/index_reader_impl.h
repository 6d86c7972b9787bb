#pragma once

#include "core/sqlite/database.h"
#include "core/sqlite/statement.h"
#include "core/store/index/index_reader.h"

#include <sys/types.h>

#include <functional>
#include <span>
#include <string>
#include <unordered_map>

namespace mmm::index {

struct IndexReader::Impl {
  explicit Impl(sqlite::Database opened) : database(std::move(opened)) {}

  // A statement by its text, prepared once. There are as many texts as combinations of filters: a few dozen.
  Result<sqlite::Statement*> prepared(const std::string& sql);

  // Calls `each(statement)` for every row of the bound statement.
  template <class Each>
  static Result<> for_rows(sqlite::Statement& statement, const Each& each) {
    for (;;) {
      auto row = statement.step();
      if (!row) return fail(row.error());
      if (!*row) return {};
      each(statement);
    }
  }

  // Runs several queries on one state of the index.
  template <class Query>
  auto in_snapshot(const Query& query) -> decltype(query()) {
    if (auto begun = database.execute("BEGIN"); !begun) return fail(begun.error());
    auto result = query();
    if (auto ended = database.execute("END"); !ended && result) return fail(ended.error());
    return result;
  }

  // Fills in the radios of agents that have several. `agents`: in order of their numbers.
  Result<> add_radios(std::span<AgentRow> agents);

  sqlite::Database database;
  std::function<bool()> stop;  // asked by the database while it is set there
  dev_t device = 0;
  ino_t inode = 0;
  // Destroyed before the database.
  std::unordered_map<std::string, sqlite::Statement> statements;
};

inline constexpr const char* kPacketSelect =
    "SELECT p.id, p.lag, p.from_node, p.to_node, p.packet_id, p.port, p.channel, p.hop_start, p.hop_limit, p.size, "
    "p.flags, p.error, p.hops, p.best_snr, p.best_rssi, p.receptions, p.airtime_us, p.content_key, p.summary, "
    "f.long_name, f.short_name, t.long_name, t.short_name";
inline constexpr const char* kPacketNames =
    " LEFT JOIN nodes f ON f.num = p.from_node LEFT JOIN nodes t ON t.num = p.to_node";

// Values by their places, from 1. Texts must live until the statement is reset.
void bind_values(sqlite::Statement& statement, const std::vector<SqlValue>& values);

inline constexpr const char* kPositionColumns =
    "o.packet, o.node, o.latitude_i, o.longitude_i, o.altitude, o.precision_bits, o.fix_us, o.ground_speed, "
    "o.sats_in_view";
inline constexpr int kPositionColumnCount = 9;
PositionRow read_position(const sqlite::Statement& row);

}  // namespace mmm::index
