#pragma once

#include "core/base/result.h"
#include "core/http/message.h"
#include "core/store/index/index_reader.h"

#include <cstdint>

namespace mmm::dashboard {

// The parameters that say which nodes: `q`, a part of a name or id, and `online`.
Result<index::NodeQuery> read_node_filter(const http::Request& request, std::int64_t now_us);

}  // namespace mmm::dashboard
