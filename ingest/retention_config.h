#pragma once

#include "core/config/config_reader.h"
#include "core/store/index/retention.h"

#include <cstdint>
#include <optional>

namespace mmm::ingest {

// [retention]: how long what is kept, in microseconds; empty: for ever.
struct RetentionConfig {
  std::optional<std::int64_t> log;
  index::Retention index{};
};

// Single telemetry values are kept for three months unless said otherwise, everything else for ever: charts of longer
// ago are drawn from the rollups, and the log has the values still.
RetentionConfig read_retention(config::ConfigReader& reader);

}  // namespace mmm::ingest
