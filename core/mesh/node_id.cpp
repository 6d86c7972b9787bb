#include "core/mesh/node_id.h"

#include <fmt/format.h>

#include <charconv>
#include <system_error>

namespace mmm::mesh {
namespace {

bool parse_number(std::string_view digits, int base, NodeNum& out) {
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, out, base);
  return !digits.empty() && error == std::errc{} && stop == end;
}

}  // namespace

std::string format_node_id(NodeNum num) {
  return fmt::format("!{:08x}", num);
}

std::string format_destination(NodeNum num) {
  return is_broadcast(num) ? "^all" : format_node_id(num);
}

Result<NodeNum> parse_node_id(std::string_view text) {
  NodeNum num = 0;
  if (text == "^all") {
    return kBroadcast;
  }
  if (text.starts_with('!')                              ? parse_number(text.substr(1), 16, num)
      : text.starts_with("0x") || text.starts_with("0X") ? parse_number(text.substr(2), 16, num)
                                                         : parse_number(text, 10, num)) {
    return num;
  }
  return fail(
      ErrorKind::kInvalidArgument,
      "\"{}\" is not a node: write \"!\" and up to 8 hex digits (!0a1b2c3d), a decimal number below 2^32, or ^all",
      text.substr(0, 40));
}

}  // namespace mmm::mesh
