#pragma once

#include "core/base/result.h"
#include "core/sqlite/database.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace mmm::index {

// Numbers by name in the table meta, besides the cursor (FORMAT.md).
inline constexpr std::string_view kFingerprintMeta = "fingerprint";
inline constexpr std::string_view kPrivacyMeta = "privacy";

// Empty when there is none of that name.
Result<std::optional<std::int64_t>> read_meta(sqlite::Database& database, std::string_view name);
// In the transaction at hand, or one of its own.
Result<> write_meta(sqlite::Database& database, std::string_view name, std::int64_t value);

}  // namespace mmm::index
