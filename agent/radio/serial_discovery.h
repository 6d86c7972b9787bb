#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>

namespace mmm::agent {

// The one device of this machine that can be a radio: by its lasting name below <root>/serial/by-id, else ttyUSB* and
// ttyACM* in `root`. Fails with kUnavailable when there is none or more than one, and says which.
Result<std::string> find_serial_device(const std::filesystem::path& root = "/dev");

}  // namespace mmm::agent
