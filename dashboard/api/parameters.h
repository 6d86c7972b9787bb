#pragma once

#include "core/base/result.h"
#include "core/http/message.h"
#include "dashboard/query/moment.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// Reading a request's query strictly: what is not understood is an error that names the parameter and what is allowed,
// never ignored. All fail with kInvalidArgument.
namespace mmm::dashboard {

// Every parameter is one of `allowed` and comes once.
Result<> check_parameters(const http::Request& request, std::span<const std::string_view> allowed);
Result<> check_parameters(const http::Request& request, std::initializer_list<std::string_view> allowed);

// `limit`: 1 to limits::kPageRowsMax.
Result<std::size_t> read_limit(const http::Request& request);

// A node: "!a1b2c3d4" or its number in decimal. Empty when the parameter is not there.
Result<std::optional<std::uint32_t>> read_node(const http::Request& request, std::string_view name);
Result<std::uint32_t> parse_node(std::string_view name, std::string_view text);

// A time as query::parse_moment() reads it.
Result<std::optional<query::Moment>> read_time(const http::Request& request, std::string_view name,
                                               std::int64_t now_us);

// From `since` to before `until`; without `until` to the end of the step that `now_us` is in, without `since` a day
// before that. At most `steps_max` steps long.
struct TimeRange {
  std::int64_t since_us = 0;
  std::int64_t until_us = 0;
};
Result<TimeRange> read_range(const http::Request& request, std::int64_t now_us, std::int64_t step_us,
                             std::int64_t steps_max);

Result<std::optional<bool>> read_flag(const http::Request& request, std::string_view name);

// A port: a number, a name such as TEXT_MESSAGE_APP or text, or "none" for packets that are not decoded.
struct PortFilter {
  std::optional<std::uint32_t> port;
  bool not_decoded = false;
};
Result<PortFilter> read_port(const http::Request& request);

// `order`: asc or desc, which is the default. True: asc.
Result<bool> read_ascending(const http::Request& request);

// A whole number from 0 to `max`, digits only.
std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t max);

// Cursors are opaque to clients: a letter for the list they belong to, and the numbers of its last row.
std::string make_cursor(char list, std::initializer_list<std::uint64_t> numbers);
// As many numbers as the list's cursor has, `count` at most 2; empty when there is no cursor.
struct CursorNumbers {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};
Result<std::optional<CursorNumbers>> read_cursor(const http::Request& request, char list, std::size_t count);

// 400 with the failure's words.
http::Response bad_request(const Error& error);

}  // namespace mmm::dashboard
