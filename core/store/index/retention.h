#pragma once

#include "core/base/result.h"
#include "core/sqlite/database.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace mmm::index {

// What the index keeps for a time of its own. Everything else stays for ever: nodes, agents, hours, links, identity.
enum class DataClass : std::uint8_t {
  kPackets,         // with receptions, traceroutes, and what could not be read
  kPositions,       // tracks; a node's last position is the node's
  kTelemetry,       // single values; the rollups are classes of their own
  kMessages,        // with their words
  kTrafficMinutes,  // packets by minute and port
  kTelemetry5m,     // five-minute rollups; the hourly ones stay
  kLinkHours,       // percentiles of links by hour; the links stay
};
inline constexpr std::size_t kDataClasses = 7;
// In the order of DataClass; as configuration and API name them.
inline constexpr std::array<std::string_view, kDataClasses> kDataClassNames{
    "packets", "positions", "telemetry", "messages", "traffic_minutes", "telemetry_5m", "link_hours"};

// How long each class is kept, in microseconds; empty: for ever.
using Retention = std::array<std::optional<std::int64_t>, kDataClasses>;

// Rows of the class that came before this time may be missing; empty: retention has removed nothing.
Result<std::optional<std::int64_t>> kept_from(sqlite::Database& database, DataClass data);

// Removes old rows, a bounded number at a time, so that the index's only writer is not held up.
//
// Use: step() for a class until it returns false, each in a transaction of the caller's. One thread. The database must
// outlive it.
class Trimmer {
 public:
  explicit Trimmer(sqlite::Database& database);
  ~Trimmer();
  Trimmer(const Trimmer&) = delete;
  Trimmer& operator=(const Trimmer&) = delete;

  // Removes about `rows_max` rows of the class that came before `before_us`, the oldest first where they lie in order
  // of time. False: there are no more.
  Result<bool> step(DataClass data, std::int64_t before_us, std::size_t rows_max);
  // Rows removed since it was made.
  [[nodiscard]] std::uint64_t removed() const { return removed_; }

 private:
  struct Statements;
  Result<bool> trim_table(std::size_t table, std::int64_t before_us, std::size_t rows_max);
  Result<bool> trim_groups(std::size_t table, std::int64_t before_us, std::size_t rows_max);

  sqlite::Database& database_;
  std::unique_ptr<Statements> statements_;
  std::uint64_t removed_ = 0;
};

// Gives at most `pages_max` empty pages back to the file system, when so many of the file are empty that the rows to
// come will not need them soon. Not within a transaction. Returns how many were given back.
Result<std::uint64_t> give_back_pages(sqlite::Database& database, std::uint64_t pages_max);

}  // namespace mmm::index
