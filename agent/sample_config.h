#pragma once

#include <string_view>

namespace mmm::agent {

// sample_config.ini: what --create-config writes.
extern const std::string_view kSampleConfig;

}  // namespace mmm::agent
