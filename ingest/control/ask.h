#pragma once

#include "core/base/result.h"
#include "core/http/message.h"

#include <filesystem>
#include <string>

namespace mmm::ingest {

// Has the server that runs on this data directory do something: a path of control.h. Returns the answer's text. Blocks,
// at most limits::kControlTimeout. Fails with what the server said, or with kUnavailable when it cannot be reached.
Result<std::string> ask_server(const std::filesystem::path& control_file, http::Method method, std::string path);

}  // namespace mmm::ingest
