#include "core/python/json_check.h"

#include "core/base/limits.h"

#include <algorithm>
#include <array>
#include <string>

namespace mmm::python {
namespace {

namespace json = simdjson::ondemand;

std::string_view without_space_behind(std::string_view token) {
  const std::size_t last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::size_t take_digits(std::string_view& text) {
  const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(count);
  return count;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool is_number(std::string_view text) {
  take(text, "-");
  const bool starts_with_zero = text.starts_with('0');
  const std::size_t whole = take_digits(text);
  if (whole == 0 || (starts_with_zero && whole > 1)) return false;
  if (take(text, ".") && take_digits(text) == 0) return false;
  if (take(text, "eE")) {
    take(text, "+-");
    if (take_digits(text) == 0) return false;
  }
  return text.empty();
}

simdjson::error_code check_array(json::value& value, std::size_t depth_max) {
  json::array array;
  if (const auto error = value.get_array().get(array)) return error;
  for (auto element : array) {
    json::value child;
    if (const auto error = element.get(child)) return error;
    if (const auto error = check_json(child, depth_max)) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code check_object(json::value& value, std::size_t depth_max) {
  json::object object;
  if (const auto error = value.get_object().get(object)) return error;
  for (auto member : object) {
    json::value child;
    if (const auto error = member.value().get(child)) return error;
    if (const auto error = check_json(child, depth_max)) return error;
  }
  return simdjson::SUCCESS;
}

}  // namespace

// In brackets, since simdjson looks at a value without anything around it in another way.
bool is_json(std::string_view text) {
  std::string array;
  array.reserve(text.size() + 2 + simdjson::SIMDJSON_PADDING);
  array.append("[").append(text).append("]");
  json::parser parser;
  json::document document;
  json::array values;
  const simdjson::padded_string_view view(array.data(), array.size(), array.capacity());
  if (parser.iterate(view).get(document) != simdjson::SUCCESS) return false;
  if (document.get_array().get(values) != simdjson::SUCCESS) return false;
  std::size_t count = 0;
  for (auto element : values) {
    json::value value;
    if (element.get(value) != simdjson::SUCCESS || ++count > 1) return false;
    if (check_json(value, limits::kPythonJsonDepthMax) != simdjson::SUCCESS) return false;
  }
  const char* rest = nullptr;
  return count == 1 && document.current_location().get(rest) != simdjson::SUCCESS;
}

bool is_json_scalar(std::string_view token) {
  constexpr std::array<std::string_view, 6> kWords{"null", "true", "false", "NaN", "Infinity", "-Infinity"};
  return std::ranges::find(kWords, token) != kWords.end() || is_number(token);
}

simdjson::error_code check_json(json::value value, std::size_t depth_max) {
  const std::string_view token = without_space_behind(value.raw_json_token());
  if (token.empty()) return simdjson::TAPE_ERROR;
  // A string is to be taken: one that is left behind, with a colon after it, is skipped as if it were a name.
  if (token.front() == '"') return value.get_raw_json_string().error();
  const bool is_object = token.front() == '{';
  if (!is_object && token.front() != '[') return is_json_scalar(token) ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
  if (depth_max == 0) return simdjson::DEPTH_ERROR;
  return is_object ? check_object(value, depth_max - 1) : check_array(value, depth_max - 1);
}

}  // namespace mmm::python
