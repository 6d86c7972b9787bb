#pragma once

#include "core/http/message.h"
#include "dashboard/query/filter_text.h"

#include <cstdint>
#include <expected>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace mmm::dashboard {

// The parameters of a request that say which packets: `q` in the filter language, and the short forms of one term each.
inline constexpr std::string_view kFilterParameters[] = {"q", "from", "to", "port", "agent", "since", "until"};
// Those and the others, for check_parameters().
std::vector<std::string_view> with_filter_parameters(std::initializer_list<std::string_view> others);

// All of them as one filter, or a 400 that says where the mistake is. `now_us`: what relative times are before.
std::expected<query::ParsedFilter, http::Response> read_filter(const http::Request& request, std::int64_t now_us);

// The parameters that say which nodes: `q` in the filter language, and `online`, which is short for is:online.
std::expected<query::ParsedFilter, http::Response> read_node_filter(const http::Request& request, std::int64_t now_us);

// 400 with `parameter`, `position`, `length` and `hint`.
http::Response filter_problem(const query::Mistake& mistake);

}  // namespace mmm::dashboard
