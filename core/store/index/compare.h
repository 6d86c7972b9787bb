#pragma once

#include "core/base/result.h"
#include "core/sqlite/database.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mmm::index {

// Compares two indexes row by row, whatever their tables are; indexes of full text and the like are passed over. `say`
// is told of the first differences of each table. `wanted` is the one that is right. Returns how many tables differ.
Result<std::uint64_t> compare(sqlite::Database& found, sqlite::Database& wanted,
                              const std::function<void(const std::string&)>& say);

// The lines that PRAGMA quick_check has to say, without its "ok"; at most `limit`.
Result<std::vector<std::string>> quick_check(sqlite::Database& database, std::size_t limit);

}  // namespace mmm::index
