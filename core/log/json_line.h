#pragma once

#include "core/log/log.h"

#include <string>

namespace mmm::log {

// {"time": "2026-11-24T03:54:53.123Z", "level": "info", "component": …, "message": …}, without a line break.
std::string to_json(const Line& line);

}  // namespace mmm::log
