#pragma once

#include "core/base/result.h"
#include "core/upload/upload.pb.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

// The Python version's own SQLite database, read as the entries that its agents would post.
namespace mmm::ingest::python {

struct OldRow {
  std::string agent_id;  // as it was written: any text, may be empty
  // Rises from row to row of a table, and stays a row's own when the table grows.
  std::uint64_t number = 0;
  std::int64_t time_us = 0;  // 0: not told
  upload::RecordKind kind = upload::RECORD_KIND_UNSPECIFIED;
  std::string json;
  upload::Location location;  // of agents only
};

// Which rows: their order is that of OldDatabase::read().
enum class OldTable : std::uint8_t { kAgents, kPackets, kNameHistory, kUsers, kNodes, kRoutes };
inline constexpr OldTable kOldTables[] = {OldTable::kAgents, OldTable::kPackets, OldTable::kNameHistory,
                                          OldTable::kUsers,  OldTable::kNodes,   OldTable::kRoutes};

// The table's name in the database.
std::string_view table_name(OldTable table);
// True: rows are only added, each with a number for ever. False: rows are replaced, and numbered from 1 at each
// reading.
bool is_numbered(OldTable table);

// Calls `take` for every row, in the order of their numbers, until it fails. A database without that table has no rows;
// what is not text, no number or too long is left out of a row. The file is opened for reading only.
//
// Fails with kNotFound, kCorrupt (no SQLite database, or damaged), kUnavailable (somebody writes to it) or as `take`.
Result<> read_old_table(const std::filesystem::path& path, OldTable table,
                        const std::function<Result<>(const OldRow&)>& take);

}  // namespace mmm::ingest::python
