#include "dashboard/api/parameters.h"

#include "core/base/limits.h"
#include "core/mesh/node_id.h"
#include "dashboard/query/moment.h"
#include "dashboard/query/packet_vocabulary.h"
#include "dashboard/query/shown.h"

#include <charconv>

namespace mmm::dashboard {
namespace {

// Numbers in answers are below this, so that JavaScript reads them exactly; what is above cannot be one of ours.
constexpr std::uint64_t kNumberMax = (1ULL << 53U) - 1;

}  // namespace

Result<> check_parameters(const http::Request& request, std::initializer_list<std::string_view> allowed) {
  return check_parameters(request, std::span(allowed.begin(), allowed.size()));
}

Result<> check_parameters(const http::Request& request, std::span<const std::string_view> allowed) {
  for (std::size_t i = 0; i < request.query.size(); ++i) {
    const std::string& name = request.query[i].first;
    if (std::ranges::find(allowed, name) == allowed.end()) {
      std::string list;
      for (const std::string_view one : allowed) list += fmt::format("{}{}", list.empty() ? "" : ", ", one);
      if (list.empty()) list = "none";
      return fail(ErrorKind::kInvalidArgument, "There is no parameter '{}' here. Allowed: {}.", shown(name), list);
    }
    for (std::size_t other = 0; other < i; ++other) {
      if (request.query[other].first == name) {
        return fail(ErrorKind::kInvalidArgument, "The parameter '{}' is given more than once.", name);
      }
    }
  }
  return {};
}

std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t max) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number > max) return std::nullopt;
  return number;
}

Result<std::size_t> read_limit(const http::Request& request) {
  const auto text = request.query_value("limit");
  if (!text) return limits::kPageRowsDefault;
  const auto number = parse_number(*text, limits::kPageRowsMax);
  if (!number || *number == 0) {
    return fail(ErrorKind::kInvalidArgument, "limit is '{}'; allowed is a number from 1 to {}.", shown(*text),
                limits::kPageRowsMax);
  }
  return *number;
}

Result<std::uint32_t> parse_node(std::string_view name, std::string_view text) {
  auto node = mesh::parse_node_id(text);
  if (!node) {
    return fail(ErrorKind::kInvalidArgument,
                "{} is '{}'; allowed is a node id such as !a1b2c3d4, or its number in decimal.", name, shown(text));
  }
  return *node;
}

Result<std::optional<std::uint32_t>> read_node(const http::Request& request, std::string_view name) {
  const auto text = request.query_value(name);
  if (!text) return std::nullopt;
  auto node = parse_node(name, *text);
  if (!node) return fail(node.error());
  return *node;
}

Result<std::optional<query::Moment>> read_time(const http::Request& request, std::string_view name,
                                               std::int64_t now_us) {
  const auto text = request.query_value(name);
  if (!text) return std::nullopt;
  const auto moment = query::parse_moment(*text, now_us);
  if (moment) return *moment;
  return fail(ErrorKind::kInvalidArgument, "{} is '{}'; allowed is a time: {}.", name, shown(*text),
              query::kMomentForms);
}

Result<TimeRange> read_range(const http::Request& request, std::int64_t now_us, std::int64_t step_us,
                             std::int64_t steps_max) {
  constexpr std::int64_t kDayUs = 86'400'000'000;
  auto since = read_time(request, "since", now_us);
  if (!since) return fail(since.error());
  auto until = read_time(request, "until", now_us);
  if (!until) return fail(until.error());
  TimeRange range;
  range.until_us = *until ? (*until)->time_us : now_us - now_us % step_us + step_us;
  range.since_us = *since ? (*since)->time_us : std::max<std::int64_t>(range.until_us - kDayUs, 0);
  range.since_us -= range.since_us % step_us;
  if (range.since_us > range.until_us) {
    return fail(ErrorKind::kInvalidArgument, "since is later than until.");
  }
  if ((range.until_us - range.since_us) / step_us > steps_max) {
    return fail(ErrorKind::kInvalidArgument,
                "From since to until are more than {} steps: ask for less at once, or for a larger step.", steps_max);
  }
  return range;
}

Result<std::optional<bool>> read_flag(const http::Request& request, std::string_view name) {
  const auto text = request.query_value(name);
  if (!text) return std::nullopt;
  if (*text == "true" || *text == "1") return true;
  if (*text == "false" || *text == "0") return false;
  return fail(ErrorKind::kInvalidArgument, "{} is '{}'; allowed are true and false.", name, shown(*text));
}

Result<PortFilter> read_port(const http::Request& request) {
  const auto text = request.query_value("port");
  if (!text) return PortFilter{};
  const auto port = query::port_names().find(*text);
  if (port == index::kPortNotDecoded) return PortFilter{.port = std::nullopt, .not_decoded = true};
  if (port) return PortFilter{.port = static_cast<std::uint32_t>(*port)};
  return fail(ErrorKind::kInvalidArgument,
              "port is '{}'; allowed is a port number, a port's name such as TEXT_MESSAGE_APP or text, or none for "
              "packets that are not decoded.",
              shown(*text));
}

Result<bool> read_ascending(const http::Request& request) {
  const auto text = request.query_value("order");
  if (!text || *text == "desc") return false;
  if (*text == "asc") return true;
  return fail(ErrorKind::kInvalidArgument, "order is '{}'; allowed are asc and desc.", shown(*text));
}

std::string make_cursor(char list, std::initializer_list<std::uint64_t> numbers) {
  std::string cursor(1, list);
  for (const std::uint64_t number : numbers) cursor += fmt::format("{}{:x}", cursor.size() == 1 ? "" : "-", number);
  return cursor;
}

Result<std::optional<CursorNumbers>> read_cursor(const http::Request& request, char list, std::size_t count) {
  const auto text = request.query_value("cursor");
  if (!text) return std::nullopt;
  const auto parse = [](std::string_view digits) -> std::optional<std::uint64_t> {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    if (error != std::errc{} || end != digits.data() + digits.size() || number > kNumberMax) return std::nullopt;
    return number;
  };
  std::optional<std::uint64_t> first;
  std::optional<std::uint64_t> second = 0;
  if (!text->empty() && text->front() == list) {
    const std::string_view digits = text->substr(1);
    const std::size_t dash = digits.find('-');
    if (count == 2 && dash != std::string_view::npos) {
      first = parse(digits.substr(0, dash));
      second = parse(digits.substr(dash + 1));
    } else if (count == 1) {
      first = parse(digits);
    }
  }
  if (!first || !second) {
    return fail(ErrorKind::kInvalidArgument,
                "cursor is '{}'; allowed is the next_cursor of an answer from the same list with the same parameters.",
                shown(*text));
  }
  return CursorNumbers{.first = *first, .second = *second};
}

http::Response bad_request(const Error& error) {
  return http::problem(400, "Bad parameter", error.message);
}

}  // namespace mmm::dashboard
