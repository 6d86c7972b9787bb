#pragma once

#include "core/base/result.h"
#include "core/sqlite/database.h"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace mmm::sqlite {

// Told now and then how many pages are copied and how many there are.
using CopyProgress = std::function<void(std::int64_t done, std::int64_t total)>;

// Copies the database as it is in one moment into a new file at `to`, while others write to it: nobody waits, but the
// source's WAL cannot shrink until it is done. `from` must not be in a transaction. A failure leaves a useless file.
Result<> copy_database(Database& from, const std::filesystem::path& to, const CopyProgress& progress);

}  // namespace mmm::sqlite
