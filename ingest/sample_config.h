#pragma once

#include <string_view>

namespace mmm::ingest {

// sample_config.ini: what --create-config writes.
extern const std::string_view kSampleConfig;

}  // namespace mmm::ingest
